sessions-title = My sessions
sessions-text = Where your account is open now. End whatever you do not recognise.
sessions-this = This browser
sessions-address = Address
sessions-since = Since
sessions-used = Last used
sessions-ends = Ends
sessions-end = End
sessions-end-others = { $count ->
    [one] End the other one
   *[other] End the others
}
device-known = { $browser } on { $system }
device-browser = { $browser }
device-system = Browser on { $system }
device-unknown = Unknown browser
