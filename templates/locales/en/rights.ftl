right-write = write
right-read = read
right-none = no access
right-unknown = unknown

through-root = system administrator (root)
through-owner = owner of the folder
through-person = the user's own permission
through-owning-group = group { $group }, owner of the folder
through-group = group { $group }
through-everyone = all users
through-signed-in = all signed-in users
through-network = all users on the network
through-users = built-in group Users
through-others = other users
through-mode-owner = owner of the folder, by the mode bits
through-mode-group = group { $group }, by the mode bits
through-mode-others = other users, by the mode bits
through-own-folder-to-come = the personal folder is created at first use

cap-share-read-only = the share is read-only
cap-time-locked = files in the share are protected against changes
cap-share-silent = the share only lets this user read
cap-share-denied = the share denies writing ({ $by })
cap-share-masked = the mask of the share removes the right to write
cap-folder-silent = the folder only lets this user read
cap-folder-denied = the folder denies writing ({ $by })
cap-folder-masked = the mask of the folder removes the right to write

refusal-disabled = the share is turned off
refusal-locked = the volume is locked by encryption
refusal-time-machine = reserved for backups (Time Machine)
refusal-share-silent = the share does not include this user
refusal-share-denied = the share denies access ({ $by })
refusal-share-masked = the mask of the share removes access
refusal-parent-silent = the folder { $path } cannot be passed through
refusal-parent-denied = the folder { $path } cannot be passed through, it denies the way ({ $by })
refusal-parent-masked = the folder { $path } cannot be passed through, its mask removes the right to do so
refusal-folder-missing = the folder { $path } does not exist
refusal-folder-silent = the folder gives this user no access
refusal-folder-denied = the folder denies access ({ $by })
refusal-folder-masked = the mask of the folder removes access

doubt-lock = TrueNAS did not say whether the volume is locked
doubt-share-list = the permission list of the share could not be read
doubt-custom-entry = the share has a custom permission that cannot be interpreted ({ $by })
doubt-unknown-entry = the share has a restriction, and whether it applies to this user is not known
doubt-folder = the permission list of the folder { $path } could not be read
doubt-path = the path of the share could not be interpreted

hint-hidden = hidden on the network: not offered to users, but whoever knows the name can open it
hint-hosts-limited = only some computers can connect to this share
hint-time-locked = each file can only be changed for a short time after it is created
hint-not-verified = the folder is on another server; its permissions were not verified
