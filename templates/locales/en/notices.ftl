notices-title = Notices
notices-text = What happened in the last 30 days and concerns you.
notices-read = Mark as read
notices-new = new
notices-empty-title = No notices
notices-empty-text = When something changes in the storage or in your folders, it shows up here.
notices-end = There are no older notices.
notices-pages = Pages
notices-older = Older
notices-newest = Newest

notice-storage-back = The storage is back
notice-storage-back-text = Files can be opened again.
notice-storage-calm = The storage has no more alerts
notice-storage-calm-text = What the IT team had to look at is solved.
notice-storage-alert = The storage has an alert
notice-storage-alert-text = The files are up; the IT team has an alert to look at.
notice-storage-planned = The storage stopped for maintenance
notice-storage-save = Save what is open somewhere else and wait.
notice-storage-restarting = The storage is restarting
notice-storage-restarting-text = The files are back in a few minutes.
notice-storage-unreachable = The storage is down
notice-storage-key = The portal cannot ask the storage
notice-storage-key-text = The files may well be up.
notice-storage-unknown = The state of the storage is being checked
notice-storage-unknown-text = This page tells you once there is an answer.

notice-share-gained = New folder: { $name }
notice-share-changed = Access changed: { $name }
notice-share-lost = Folder removed: { $name }
notice-share-lost-text = You can no longer reach it. If you need it, talk to the IT team.
notice-may-write = You can read and write in it.
notice-may-read = You can read what is in it.
notice-may-unknown = TrueNAS has not said yet what you may do in it.

notice-ahead-minutes = Maintenance in { $count } min
notice-ahead-hours = Maintenance in { $count } h
notice-ahead-days = { $count ->
    [one] Maintenance tomorrow
   *[other] Maintenance in { $count } days
}
notice-maintenance-began = Maintenance began
notice-maintenance-ended = Maintenance ended
notice-maintenance-ended-text = { $name }: all is back to normal.
notice-maintenance-overdue = Maintenance takes longer than planned
notice-maintenance-moved = Maintenance was moved
notice-maintenance-off = Maintenance was called off
maintenance-unnamed = Maintenance of the storage
maintenance-span = { $name }: from { $starts } to { $ends }
maintenance-open = { $name }: from { $starts }, nobody knows until when

notice-incident-updated = Incident: { $name }
notice-incident-resolved = Incident solved: { $name }
notice-alert-raised = Alert from TrueNAS
notice-alert-cleared = Alert from TrueNAS cleared
notice-key-refused = TrueNAS refuses the service key
notice-key-refused-text = Nobody signs in with a TrueNAS account until the key is replaced; emergency access still works.
notice-key-accepted = TrueNAS accepts the service key again
notice-key-accepted-text = TrueNAS accounts can sign in again.
notice-codes = Somebody is guessing codes
notice-codes-text = Wrong codes of the second factor were given for { $name } again and again, by somebody who knows the password. The session was ended. If it was not { $name }, the password has to be changed.
notice-undelivered = A message was not delivered
notice-undelivered-text = The channel { $name } did not take it. The reason stands under Messages.
