error-not-found = Page not found
error-not-found-text = The address does not exist or has moved.
error-broken = Server error
error-broken-text = The request could not be answered. The error was recorded; if it happens again, tell the IT team.
error-request = Code for the IT team: { $id }
error-home = Back to the start
