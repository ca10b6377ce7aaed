FROM a
ONBUILD from x
