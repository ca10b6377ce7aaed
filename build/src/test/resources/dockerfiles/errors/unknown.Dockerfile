FROM a

FOO bar
