room-maintenance = Maintenance
room-announcements = Announcements
room-incidents = Incidents
action-calendar-renewed = Calendar address renewed

entry-missing = Fill this in.
entry-too-long = The text is too long.
entry-unprintable = There are invisible characters in the text. Type it instead of pasting.
entry-unknown = This is not known. Choose one of the values offered.
entry-ends-before-start = The end has to come after the beginning.
entry-lasts-too-long = Maintenance lasts 7 days at most.
entry-past = This moment has passed.
entry-out-of-range = The value is out of range.
entry-wrong = Nothing has been saved yet
entry-wrong-text = Correct the marked fields. What you typed is still here.
entry-title-portuguese = Title in Portuguese
entry-title-english = Title in English
entry-english-hint = Optional. Without it the Portuguese one serves.

plans-online = { $count ->
    [one] { $count } person has the portal open now.
   *[other] { $count } people have the portal open now.
}
plans-running = Under way
plans-coming = Coming
plans-none = No maintenance is planned for the next 60 days.
plans-past = Past ({ $count })
plan-ahead = planned
plan-running = under way
plan-overdue = takes longer than planned
plan-over = over
plan-called-off = called off
plan-repeats = repeats
plan-all-shares = all folders
plan-longer-half = 30 min more
plan-longer-hour = 1 h more
plan-change = Edit
plan-change-all = Edit the series
plan-off = Call this one off
plan-off-all = Call all off
off-title = Call this maintenance off?
off-all-title = Call the whole series off?
off-text = Whoever was told of it is told that it is called off.
off-all-text = None of the coming ones takes place. Whoever was told of one is told so.
off-keep = Keep it
plan-new = Plan maintenance
plan-new-text = People are told a day, 60, 15 and 1 minute before, when it begins and when it ends.
plan-change-title = Edit maintenance
plan-change-text = If the time changes, whoever was told is told the new one.
plan-what = What people read
plan-text-portuguese = Text in Portuguese
plan-text-english = Text in English
plan-text-hint = Optional: what stops, what to do before.
plan-when = When
plan-rule = How often
rule-once = Once
rule-weekly = Every week
rule-monthly = Every month
plan-starts = Begins
plan-ends = Ends
plan-weekdays = Days of the week
plan-day = Day of the month
plan-time = Begins at
plan-minutes = Duration in minutes
plan-zone = Time zone
plan-zone-hint = Choose from the list or type one, such as America/Cuiaba.
plan-shares = Folders concerned
plan-shares-text = With none ticked, all of them. Only people who reach one of those ticked are told; the public page and messages outside say the times alone.
plan-shares-unknown = The folders have not been read from TrueNAS yet: the maintenance is for all of them.
plan-verb = Plan
plan-save = Save changes
month-day = day { $n }
day-monday = Monday
day-tuesday = Tuesday
day-wednesday = Wednesday
day-thursday = Thursday
day-friday = Friday
day-saturday = Saturday
day-sunday = Sunday
nth-monday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Monday of the month
nth-tuesday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Tuesday of the month
nth-wednesday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Wednesday of the month
nth-thursday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Thursday of the month
nth-friday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Friday of the month
nth-saturday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Saturday of the month
nth-sunday = { $n ->
    [1] first
    [2] second
    [3] third
   *[other] fourth
} Sunday of the month
last-monday = last Monday of the month
last-tuesday = last Tuesday of the month
last-wednesday = last Wednesday of the month
last-thursday = last Thursday of the month
last-friday = last Friday of the month
last-saturday = last Saturday of the month
last-sunday = last Sunday of the month

preview-title = How it will be
preview-waiting = Fill in title and time to see the next dates and what people will read.
preview-next = Next times
preview-told = Notices
preview-see = Look first
preview-online = { $online ->
    [one] { $online } person has
   *[other] { $online } people have
} the portal open now; this concerns { $concerned }.
calendar-name = Maintenance of the storage
calendar-title = Maintenance in your calendar
calendar-text = This address shows the maintenance that concerns everybody, in any calendar program. It asks for no password: give it to people of the office only.
calendar-own-text = Subscribe to this address in your calendar program. It asks for no password: do not pass it on. The file also has what concerns only your folders.
calendar-copy = Copy the address
calendar-download = Download .ics
calendar-renew = Renew the address
calendar-renew-text = When renewed, the old address stops working in every calendar. Asks for a recent code.

published-text = They stay on the page of those who need to read them until you remove them.
published-none = No announcements.
published-pinned = on the page
published-gone = off the page
published-group = group { $group }
published-everybody = everybody
published-until = until { $at }
published-confirmed = { $count ->
    [0] Nobody has read it yet
   *[other] See who has read it ({ $count })
}
published-remove = Remove
remove-title = Remove this announcement?
remove-text = It leaves everybody's page. Who confirmed having read it is kept.
announce-new = New announcement
announce-portuguese = Text in Portuguese
announce-english = Text in English
announce-group = For the group
announce-group-hint = Its name in TrueNAS. Empty: everybody.
announce-until = Stays until
announce-until-hint = Empty: until somebody removes it.
announce-confirm = Ask each person to confirm having read it
announce-verb = Publish
confirmations-title = Who has read it
confirmations-text = { $count ->
    [one] { $count } person confirmed having read it.
   *[other] { $count } people confirmed having read it.
}
confirmations-none = Nobody has confirmed yet.

incidents-text = What you write here is told to everybody, update by update.
incidents-open = Open
incidents-over = Resolved
incidents-none = No open incidents.
incident-new = Open an incident
incident-open-verb = Open and tell everybody
incident-portuguese = What to say, in Portuguese
incident-english = What to say, in English
incident-text-hint = What happens, what to do meanwhile.
incident-state = State
incident-update = Update
incident-see = See
incident-update-title = New update
incident-update-verb = Publish the update
incident-updates = Updates
