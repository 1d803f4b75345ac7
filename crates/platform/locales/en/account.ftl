### Own account: password, sessions, second step.

password-policy = At least { $least } characters{ $kinds ->
    [one] .
   *[other] , of { $kinds } kinds (digits, small letters, capitals, others).
 }
password-set-on = Password since
password-holds-until = To be changed by
session-device = Device
sessions-end-others = End all others
user-sessions = Logged in from
user-sessions-count = { $count ->
    [0] not logged in
    [one] 1 session
   *[other] { $count } sessions
 }
user-sessions-end = End all sessions
user-sessions-end-hint = The person is logged out everywhere and may log in again. To shut somebody out, disable the user.

error-password-plain = The new password needs signs of at least { $kinds } kinds: digits, small letters, capitals, others (Chinese characters, punctuation, spaces)
error-password-used-before = The new password is one of your last { $last }; choose another

notice-kind-new-device = New device
notice-new-device = Your account was used from a device that is new to it: { $device }, { $address }. If it was not you, end that session and change your password.

action-access-sessions-ended = Ended all other sessions
action-user-sessions-end = Ended the sessions of a person
