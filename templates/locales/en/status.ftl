status-title = Storage status
status-enter = Sign in
status-now = Now
status-since = Since { $at }.
status-seen = Checked
status-unread = No news available
status-unread-text = Maintenance and incidents cannot be read now. This page tries again by itself.
status-foot = Times are those of the office. Also as
status-feed = RSS
status-badge = badge

status-plans = Maintenance
status-plans-none = No maintenance planned.
status-ahead = Planned
status-running = Under way
status-overdue = Taking longer than planned
status-partly = Some of the folders
status-incidents = Incidents of the last 90 days
status-incidents-none = No incident recorded in the last 90 days.
incident-investigating = Investigating
incident-identified = Cause identified
incident-monitoring = Monitoring
incident-resolved = Resolved

status-history = Availability
status-history-unread = The history cannot be read now.
status-no-data = no data
status-span-1 = 24 hours
status-span-7 = 7 days
status-span-30 = 30 days
status-span-90 = 90 days
status-known = with data of { $length }
status-days = One day in each bar, the last 90
status-today = today
status-day-well = Up
status-day-brief = Brief interruption
status-day-down = Down
status-day-planned = Maintenance
status-day-unknown = No data
status-day-up = { $share } up
status-part-down = { $length } down
status-part-planned = { $length } of maintenance
status-table = Day by day as a table
status-column-day = Day
status-column-word = Status
status-column-up = Up
status-column-down = Down
status-column-planned = Maintenance
status-column-unknown = No data
status-outages = { $count ->
    [one] 1 interruption seen
   *[other] { $count } interruptions seen
}
status-outage-away = Down
status-outage-restart = Restart
status-lasts = still lasting

status-feed-text = Interruptions, maintenance and incidents of the storage.
feed-away = Storage down
feed-restart = The storage restarted
feed-back = Storage back
feed-began = Since { $at }.
feed-lasted = From { $began } to { $ended }: { $length }.
feed-incident = { $title } – { $state }
feed-planned = Maintenance: { $title }
feed-span = From { $starts } to { $ends }.
badge-storage = storage
badge-key-refused = No information
