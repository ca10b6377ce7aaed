# syntax=docker/dockerfile:1
# escape=\

# The base.
ARG VERSION=1.0 EMPTY= NONE
FROM --platform=$BUILDPLATFORM debian:${VERSION} AS Base
LABEL a=b "quoted key"="quoted value" multi=one\ word
LABEL old style   label
MAINTAINER Somebody <some@example.com>
ENV A=1 B="two words" C='$A'
ENV OLD the rest of the line
ARG USER_ID=1000
RUN apt-get update && \
    # a comment between
    apt-get install -y \
      nginx

RUN ["/bin/echo", "exec form", "\u00e9\n"]
RUN [ -f /etc/passwd ]
WORKDIR /a b
USER ${USER_ID:-0}:0
EXPOSE 80 443/tcp $PORT
VOLUME /data /logs
VOLUME ["/a", "/b c"]
STOPSIGNAL SIGQUIT
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
HEALTHCHECK --interval=5m --timeout=3s --start-period=1h1.5s --retries=4 CMD curl -f http://localhost/ || exit 1
HEALTHCHECK CMD ["curl", "-f"]
HEALTHCHECK NONE
ONBUILD COPY --chown=1:1 . /app
ONBUILD RUN make
ENTRYPOINT ["nginx"]
ENTRYPOINT exec nginx
CMD ["-g", "daemon off;"]
CMD
FROM scratch
copy --from=base --chown=user:group --chmod=0755 --link --exclude=*.md --exclude=*.txt a b /c/
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d --keep-git-dir=false https://example.com/a.tar.gz /
COPY ["a b", "c d"]
COPY --parents ./a/./b /x/
RUN --mount=type=cache,target=/root/.cache,sharing=locked --mount=from=base,target=/b,rw --network=none --security=insecure echo hi
