"""The one way for visitors to send a form: no cookie, no account, nothing kept about who sends."""
