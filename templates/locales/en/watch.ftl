room-health = Health
room-connection = Connection

overview-text = The storage, who is here and what happened last. The page keeps itself up to date.
overview-storage = Storage
overview-latency = TrueNAS answers in { $ms } ms.
overview-online = People now
overview-online-text = with the portal open
overview-open = Open sessions
overview-people = { $count ->
    [one] of { $count } person
   *[other] of { $count } people
}
overview-alerts = TrueNAS alerts
overview-alerts-text = open, from warning upwards
overview-key = TrueNAS refuses the service key
overview-key-text = Until that is mended nobody can sign in with a TrueNAS account. Create another key and put it in place of the old one; the portal takes it up by itself.
overview-key-try = Test the connection
overview-ahead = Planned maintenance: begins { $starts } and ends { $ends }.
overview-running = Maintenance under way since { $starts }, until { $ends }.
overview-overdue = The maintenance began { $starts } and should have ended { $ends }.

online-title = Who is here
online-nobody = Nobody has the portal open.
online-more = { $count ->
    [one] and { $count } more person
   *[other] and { $count } more people
}

health-text = What happened to the storage, how fast it answers, its alerts and its disks.
watch-unread = TrueNAS could not be asked yet.

feed-title = Events
feed-text = The newest first.
feed-all = See all
feed-older = Older
feed-pause = Pause
feed-go-on = Go on
feed-new = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
feed-none = Nothing has happened so far.
feed-filter = Show
light-all = All
light-trouble = Trouble
light-attention = Warnings
light-planned = Planned
light-well = Recoveries
light-plain = Information

chart-title = Response time of TrueNAS
chart-more = 24 hours
chart-ranges = Period
range-hour = 1 h
range-day = 24 h
range-week = 7 days
range-month = 30 days
chart-ms = { $ms } ms
chart-silent = no answer
chart-none = There are no measurements of this period yet.
chart-table = See the figures as a table
chart-from = From
chart-time = Time
chart-mean = Mean
chart-max = Maximum
chart-worst = Worst state
chart-window = maintenance window
chart-planned = Maintenance or restart
chart-unknown = Not measured

pools-title = Disks (pools)
pools-none = TrueNAS has no pool, or the key may not ask.
pools-used = { $percent }% in use
pools-amount = { $allocated } of { $size } in use ({ $percent }%)
pools-unreadable = TrueNAS cannot read this pool.
pools-scrub = Check of all data: { $percent }%

alerts-title = Alerts
alerts-none = TrueNAS has no alert.
alert-info = Information
alert-notice = Notice
alert-warning = Warning
alert-error = Error
alert-critical = Critical
alert-alert = Serious alert
alert-emergency = Emergency
alert-dismissed = dismissed on TrueNAS
alert-silenced = silenced until { $until }
silence-open = Silence
silence-this = Only this one, for
silence-class = All of this kind, for
silence-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
silence-do = Silence
silences-title = Silences in force
silences-class = All of the kind { $name }
silences-until = until { $until }, by { $person }
silences-end = Hear of it again
