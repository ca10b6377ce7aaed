# Sourced by ./forno and ./test: sets JAVA_HOME to a JDK of version 25 or newer, or explains how to get one.

java_version() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk25() {
    on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
    for candidate in "${JAVA_HOME:-}" "${on_path:-}" /usr/lib/jvm/*25* /opt/*jdk*25* /opt/jdk* "${HOME:-/root}"/.sdkman/candidates/java/25* \
        "${HOME:-/root}"/.jdks/*25* /usr/lib/jvm/*; do
        [ -n "$candidate" ] || continue
        version=$(java_version "$candidate") || continue
        if [ "${version:-0}" -ge 25 ]; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    done
    echo "forno: no JDK 25 found. Install one and set JAVA_HOME to its folder" \
        "(Debian 13: apt-get install openjdk-25-jdk-headless, or Eclipse Temurin 25 from https://adoptium.net)." >&2
    return 1
}
