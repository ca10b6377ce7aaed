FROM a
HEALTHCHECK --interval=5us CMD x
