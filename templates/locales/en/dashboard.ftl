dashboard-title = My drives
greeting-morning = Good morning, { $name }.
greeting-afternoon = Good afternoon, { $name }.
greeting-evening = Good evening, { $name }.

state-unknown = The state of the storage is still being checked.
state-online = The storage is up.
state-attention = The storage is up; the IT team has an alert to look at.
state-planned = The storage is under planned maintenance.
state-restarting = The storage is restarting.
state-unreachable = The storage is down.
state-key-refused = The portal cannot ask the storage; the files may well be up.

dashboard-old = The list may be out of date
dashboard-old-text = TrueNAS did not answer when last asked. Read from TrueNAS:

local-title = Emergency access
local-text = This is a local account of the portal: it does not exist in TrueNAS and has no drives.
local-alone = While TrueNAS does not serve, nobody can sign in with its accounts; whoever is signed in sees the last list known.
local-works = What works now
local-sessions = where this account is open, and how to end each session
local-bans = interface for programs: who has to wait before signing in, and until when
local-lift = interface for programs: ends one of these waits
local-status = interface for programs: the state of the storage

map-title = Map drives
map-all = Map all drives
map-letters = { $count ->
    [one] Letter
   *[other] Letters
}

how-title = How it works
how-download = Download the file
how-download-text = The button downloads mapear-drives.bat, made for your account. Open it with a double click, not as administrator.
how-download-kept = If Edge holds the file back, open the three dots beside it and choose “Keep”.
how-warning = Windows may warn you
how-warning-protected = At “Windows protected your PC”, choose “More info” and then “Run anyway”.
how-warning-publisher = At “Security Warning”, with an unknown publisher, choose “Run”.
how-restart = Back after a restart?
how-restart-text = The window asks whether the drives shall come back whenever Windows starts. With Y, Windows keeps the password in the credential vault of this computer; with N, nothing is kept and the drives last until the next restart.
how-password = Type the password in the window
how-password-text = Windows itself asks for the password; if it is to be kept, twice. Nothing shows while you type. The file itself never holds the password.
how-drives = Use the drives
how-drives-text = At the end a summary tells what was mapped. The drives are in File Explorer, under “This PC”.
how-proof = Is this really the file?
how-proof-text = This SHA-256 holds only for the complete file, the one of “Map all drives”. The file of a single folder has the same name but another SHA-256. Compare it with what Windows computes in the download folder, under the name the file has there:
how-copy-sha256 = Copy the SHA-256
how-copy-command = Copy the command
how-options = For users of the Command Prompt
how-dry = only shows what it would do, and changes nothing
how-remove = undoes only what the file itself mapped
how-keep = the drives come back after a restart, without asking; Windows keeps the password
how-once = the drives last until the next restart, without asking; nothing is kept
how-quiet = no questions and no pause at the end; only the password is still asked for

shares-title = Folders
shares-count = { $count ->
    [one] 1 folder for you
   *[other] { $count } folders for you
}
shares-reading = Asking TrueNAS…
shares-empty-title = No folders yet
shares-empty-text = Your account works, but it has no access to any shared folder so far.
shares-empty-advice = Ask the IT team or your manager to add you to the group of your department. Then sign in again.
shares-unread-title = The folders could not be read
shares-unread-text = Without a valid answer from TrueNAS we do not know which folders are yours. Nothing was changed.

kind-plain = Shared folder
kind-read-only = Folder for reference only
kind-home = Your personal folder
kind-private = Your private space
kind-time-locked = Archive protected against changes
kind-backup = Backups
kind-external = Folder on another server

share-write = Read and write
share-read = Read only
share-unknown = Could not be confirmed
share-letter = Letter
share-copy-unc = Copy the Windows path of { $name }
share-others = macOS and Linux
share-copy-mac = Copy the macOS address of { $name }
share-copy-linux = Copy the Linux address of { $name }
share-why-group = group { $group }
share-why-root = system administrator
share-why-owner = the folder is yours
share-why-person = permission given to you
share-why-everybody = all users
share-why-own-folder = created at first use
share-why-read-only = holds for all users
share-why-time-locked = the files are protected against changes
share-why-capped = the permissions only let you read
share-why-unclear = TrueNAS did not tell all permissions
share-proved = Verified at sign-in
share-computed = By permissions
share-map = Map
share-map-name = Map { $name }
