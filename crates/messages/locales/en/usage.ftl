# Parts of the help and of what is said about a command line.
cli-error = Tell what an error code means and what to do about it
cli-help-command = Show the help of a command
cli-help-of = The command, such as config show (default: a list of all commands)
cli-error-code = The code, such as WX3003 (default: a list of all codes)
cli-default = default: { $value }
cli-possible = possible: { $values }
cli-command-word = COMMAND
cli-options-word = OPTIONS
label-help = help
help-error-page = `wixsync error { $code }` says more
help-usage = Usage: { $usage }
usage-suggestion = Did you mean { $suggestion }?
usage-number-range = a whole number from { $from } to { $to } is expected
usage-address = an address with a port is expected, such as 127.0.0.1:8099
usage-quantity = SKU=N is expected, N a whole number from 0 to { $to }
usage-empty = it is empty
usage-expected = possible: { $examples }
usage-mapping = FIELD=COLUMN or quantity[WAREHOUSE]=COLUMN is expected; fields: { $fields }
