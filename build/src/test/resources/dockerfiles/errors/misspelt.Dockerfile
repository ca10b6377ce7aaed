FROM a
RUNN bar
