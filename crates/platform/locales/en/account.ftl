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

second-step-title = Two-step log-in
second-step-off-now = Off: the password alone opens the account
second-step-on-now = On: every log-in asks for a code
second-step-why = With it, a stolen password opens nothing: the log-in also asks for a code of six digits that changes every thirty seconds. An authenticator app on the phone shows it, without a network.
second-step-must = A role of yours must have it (house rule on the security of accounts).
second-step-begin = Set it up
second-step-enrol = Enrol a device
second-step-scan = Open an authenticator app on your phone and let it scan this picture.
second-step-picture = Picture for the authenticator app
second-step-by-hand = Or type this key:
second-step-prove = Type the code that the app shows now.
second-step-code = Code
second-step-confirm = Confirm
second-step-again = Begin again with another key
second-step-since = Since
second-step-since-when = On since { $since }
second-step-turn-off = Turn it off
second-step-off-hint = Both ask for a code of the device. New recovery codes make the earlier ones worthless.
second-step-reset = Take the second step off
second-step-reset-hint = For a lost device: make sure face to face who asks. All sessions end, the password alone opens the account until the person enrols again, and the person is told.
recovery-codes-title = Recovery codes
recovery-codes-once = For the day when the device is lost: each of these codes opens the account once in place of a code. They are shown only now; print them or write them down, and keep them apart from the device.
recovery-codes-kept = I have kept them
recovery-codes-left = Recovery codes left
recovery-codes-renew = New recovery codes

error-code-wrong = The code is wrong or was used before. Wait for the next one; check that the clock of the device is right
error-second-step-required = A role of yours must have a second step, so it cannot be turned off
error-second-step-required-way = For another device, let another administrator reset it, then enrol again.
error-second-step-over = This log-in waits no longer for its code. Log in again
failure-second-step-first = Please enrol a device first
failure-second-step-first-text = A role of yours must have a two-step log-in; you enrol a device before anything else.

notice-kind-second-step-reset = Two-step log-in taken off
notice-second-step-reset = An administrator took the second step off your log-in. If you did not ask for it, report it at once; otherwise enrol your device again.

action-access-second-step-begun = Began to enrol a device
action-access-second-step-on = Enrolled a device for log-in
action-access-second-step-off = Turned the second step off
action-access-recovery-codes-renewed = Made new recovery codes
action-user-second-step-reset = Took the second step off a person
