room-rail = Administration
room-overview = Overview
room-sessions = People and sessions
room-bans = Blocks
room-audit = Audit
room-unguarded = Administration without a second factor
room-unguarded-text = Whoever knows an administrator's password opens these pages. To ask for a code as well, write second_factor = "required" in [auth].

confirm-title = Confirm it is you
confirm-text = Type the code your authenticator app shows now.
confirm-form = What you typed is not lost
confirm-form-text = The last code was more than ten minutes ago. After this one you return to the page of the form, with its fields as they were, and send it again.
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

overview-text = What is going on now.
overview-storage = Storage
overview-since = Since
overview-latency = answers in { $ms } ms
overview-people = People signed in
overview-sessions = { $count ->
    [one] { $count } open session
   *[other] { $count } open sessions
}
overview-alerts = TrueNAS alerts
overview-alerts-text = from warning upwards, still open
overview-version = Version
