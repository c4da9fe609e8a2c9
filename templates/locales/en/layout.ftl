layout-skip = Skip to the content
layout-storage = Storage:
layout-theme = Appearance
layout-theme-system = Match the system
layout-theme-light = Light
layout-theme-dark = Dark
layout-person = Account menu:
layout-administrator = Portal administration
layout-employee = TrueNAS account
layout-room = Administration
layout-sign-out = Sign out
layout-status = Status
layout-foot = Farol · the files of the office

storage-unknown = Checking
storage-online = Online
storage-attention = With alerts
storage-planned = Maintenance
storage-restarting = Restarting
storage-unreachable = Unreachable
storage-key-refused = Key refused
storage-old = last known:

ui-copied = Copied
age-seconds = { $count } s ago
age-minutes = { $count } min ago
age-hours = { $count } h ago
