room-rail = Administration
room-overview = Overview
room-sessions = People and sessions
room-bans = Blocks
room-audit = Audit
room-unguarded = Administration without a second factor
room-unguarded-text = Whoever knows an administrator's password opens these pages. To ask for a code as well, write second_factor = "required" in [auth].

confirm-title = Confirm it is you
confirm-text = Type the code your authenticator app shows now.
confirm-form = One more code
confirm-form-text = The last code was more than ten minutes ago. After this one you return to the page you were on, with what you typed, and ask again.
confirm-back = Back to my drives
confirm-promise = A code holds for the session. Whatever gives power over other people asks for another after ten minutes.
enrol-title = Set up the second factor
enrol-text = Whoever administers the portal confirms the password with a code from their phone.
enrol-scan = Open the authenticator app on the phone and scan this code.
enrol-qr = QR code of the secret written just below
enrol-here = Open in the app of this device
enrol-type = Without a camera, type the secret:
enrol-answer = Type below the six digits the app shows.
enrol-finish = Finish
enrol-promise = The secret will not be shown again. If you lose the phone, whoever looks after the server resets this, and you set up another.
enrol-again-text = To set up the phone, the password must have been checked less than ten minutes ago. Sign in again and come back here.
enrol-again = Sign out and in again
problem-factor-text = It is wrong or was used before.

room-search = Search
room-clear = Clear the search
room-actions = Actions
room-cancel = Cancel
room-pages = Pages
room-page = Page { $page } of { $last }
room-page-before = Previous
room-page-after = Next

all-count = { $people ->
    [one] { $people } person
   *[other] { $people } people
}, { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
}
all-search = Person, address or device
all-person = Person
all-device = Device
all-administrator = administrator
all-local = emergency access
all-end = End session
all-end-all = End all { $count }
all-nobody = Nobody found
all-nobody-text = No open session fits the search.
ask-end = End this session?
ask-end-all = End all sessions of this person?
ask-end-text = The open page closes at once and says that an administrator ended it. The person may sign in again with their password.
ask-end-all-verb = End all

bans-text = Whoever failed too often waits before the next try. The waits pass by themselves.
bans-who = Who waits
bans-why = Why
bans-until = Until
bans-lift = Lift
bans-pair = { $account }, from { $address }
bans-account = { $account }, from any new address
bans-address = Any account, from { $address }
bans-emergency = emergency access
bans-code = administrator's code
bans-failures = { $count ->
    [one] { $count } try
   *[other] { $count } tries
}
bans-none = Nobody is waiting
bans-none-text = Whoever fails the password or the code too often appears here.

audit-text = Who did what. The portal can neither change nor remove any of it.
audit-export = Download CSV
audit-action = What
audit-any = Anything
audit-actor = Who
audit-holds = Contains
audit-number = No.
audit-when = When
audit-address = From where
audit-subject = To whom or what
audit-detail = Detail
audit-here = at the server
audit-newest = Newest
audit-older = Older
audit-none = No entries
audit-none-text = Nothing in the trail fits the search.
action-sign-in = Sign-in
action-sign-in-refused = Sign-in refused
action-break-glass = Emergency sign-in
action-break-glass-refused = Emergency sign-in refused
action-sign-out = Sign-out
action-session-ended = Session ended
action-script = Drive script downloaded
action-ban-placed = Wait imposed
action-ban-lifted = Wait lifted
action-administrator-created = Local administrator created
action-administrator-removed = Local administrator removed
action-maintenance-planned = Maintenance planned
action-maintenance-changed = Maintenance changed
action-maintenance-called-off = Maintenance called off
action-announcement-published = Announcement published
action-announcement-removed = Announcement removed
action-incident = Incident described
action-silenced = Alert silenced
action-heard-again = Alert heard again
action-factor-enrolled = Second factor set up
action-factor-reset = Second factor reset
action-copy-restored = Backup restored
action-confirmed = Code confirmed
action-confirmation-refused = Code refused
action-audit-exported = Audit trail downloaded
detail-employee = employee
detail-password = wrong password
detail-unknown = TrueNAS knows no such account
detail-denied = TrueNAS refused without a reason
detail-restricted = the account may not sign in now, or not from here
detail-code = wrong code
detail-expired = the password has expired
detail-account-expired = the account has expired
detail-locked = the account is locked
detail-disabled = the account is disabled
detail-filtered = the filtered lines only
detail-whole = whole
detail-session = one session, opened at { $address }
detail-sessions = { $count ->
    [one] { $count } session
   *[other] { $count } sessions
}
detail-others = { $count ->
    [one] { $count } other session
   *[other] { $count } other sessions
}
detail-entries = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
detail-role = the rights in the portal changed
detail-elsewhere = ended in another browser
verify-title = Verification of the trail
verify-never = Each entry carries a hash that depends on all before it. It has not been verified since the server started.
verify-running = Verifying the whole trail…
verify-whole = { $count ->
    [one] Whole: { $count } entry verified
   *[other] Whole: { $count } entries verified
}
verify-hash = Hash of the last entry (note it outside this machine):
verify-broken = The trail was tampered with.
verify-broken-text = What comes before is whole. Keep a copy of the database as it is and compare it with a backup.
verify-altered = Entry { $number } does not fit.
verify-unreadable = Entry { $number } cannot be read.
verify-missing = Entry { $number } was removed.
verify-added = Entry { $number } was not made by Farol.
verify-cut = From entry { $number } on the trail was cut off.
verify-head = The mark of the trail's end is gone or was changed; the last entry is { $number }.
verify-failed = The trail could not be read. The log of the server says why.
verify-now = Verify now
