live-away = reconnecting
live-away-said = The link to the portal is down. Reconnecting.
live-old-said = What this page shows may be out of date.
live-back-said = The link is back.
left-now = now
left-seconds = in { $count } s
left-minutes = in { $count } min
left-hours = in { $count } h

banner-details = details
banner-since = Since { $at }.
banner-unreachable = The storage is down
banner-restarting = The storage is restarting
banner-planned = Maintenance under way
banner-running = Maintenance under way
banner-ahead = Maintenance ahead
banner-overdue = Maintenance takes longer than planned
banner-key = The portal cannot ask the storage
banner-key-administrators = TrueNAS refuses the portal's service key
banner-save = Files cannot be opened now. Save what is open somewhere else and wait: this page tells you when they are back.
banner-back = The files are back in a few minutes. Save what is open somewhere else.
banner-running-text = The storage answers, but may stop at any moment. Save your work often.
banner-ahead-text = Save and close your files before it begins: they may be unavailable.
banner-overdue-text = Files still cannot be opened. This page tells you when they are back.
banner-key-text = The files may well be up; what this page shows may be out of date. The IT team has to replace a key.
banner-key-renew = Create a new API key in TrueNAS and put it into the configuration of the portal. Until then only emergency access can sign in.

bell-title = Notices
bell-unread = { $count ->
    [one] { $count } unread
   *[other] { $count } unread
}
toast-close = Close notice
toasts-title = New notices
announcement-read = I have read this

farewell-title = Your session has ended: { $reason }
farewell-signed-out = you signed out of the portal
farewell-needed = it is no longer valid
farewell-time-over = it reached its time limit
farewell-unused = nobody used it for a long time
farewell-replaced = somebody else signed in with this browser
farewell-elsewhere = you ended it in another browser
farewell-administrator = the administration ended it
farewell-gone = the account no longer exists in TrueNAS
farewell-locked = the account was locked in TrueNAS
farewell-disabled = signing in by password was turned off in TrueNAS
farewell-password = the password was changed in TrueNAS
farewell-role = your rights in the portal changed
farewell-key = the portal lost its access to TrueNAS
farewell-again = What was on this page has been removed. Sign in again to go on.
farewell-new-password = What was on this page has been removed. Sign in with the new password.
farewell-ask = What was on this page has been removed. Talk to the IT team.
farewell-wait = What was on this page has been removed. The IT team has to replace a key before anybody can sign in.
farewell-enter = Sign in

source-truenas = TrueNAS
source-watcher = watcher
source-plan = schedule
source-portal = portal
fact-level = { $before } → { $after }
fact-alert-raised = Alert:
fact-alert-dismissed = Alert dismissed:
fact-alert-cleared = Alert cleared:
fact-pool = Pool { $name }: { $before } → { $after }
fact-restarted = The system was restarted.
fact-link-mended = The link is back; the system had not stopped.
fact-restarts = TrueNAS is about to restart.
fact-shuts-down = TrueNAS is about to shut down.
fact-update = An update of TrueNAS began.
fact-scrub-began = The check of pool { $name } began.
fact-scrub-ended = The check of pool { $name } ended.
fact-maintenance-began = Maintenance began: { $name }
fact-maintenance-ended = Maintenance ended: { $name }
fact-key-refused = TrueNAS refused the service key.
fact-key-accepted = TrueNAS accepts the service key again.
fact-clock = The clock of the server jumped by { $seconds } s.
