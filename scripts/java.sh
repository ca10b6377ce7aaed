# Sourced by ./forno: how the JVM is started for the command and for the engine. Needs home, dist, launcher, JAVA_HOME.
# A cache of loaded and linked classes (AOT cache) makes starts several times faster; without it everything works too.

jvm_common="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 -Xlog:disable -Xlog:all=error:stderr \
--enable-native-access=ALL-UNNAMED"

cli_path() {
    for jar in forno-cli forno-http forno-linux forno-oci avaje-json-core avaje-jsonb; do
        printf '%s' "$dist/lib/$jar.jar:"
    done
}

engine_path() {
    for jar in "$dist"/lib/*.jar; do
        printf '%s' "$jar:"
    done
}

aot_option() { # aot_option NAME
    if [ -f "$dist/$1.aot" ]; then
        printf '%s' "-XX:AOTCache=$dist/$1.aot -XX:AOTMode=auto"
    fi
}

forno_cli() {
    # shellcheck disable=SC2046,SC2086 # options are words
    exec "$JAVA_HOME/bin/java" $jvm_common ${cache-$(aot_option cli)} -Xms8m -Xmx64m ${FORNO_JAVA_OPTIONS:-} \
        "-Dforno.launcher=$launcher" -cp "$(cli_path)" dev.forno.cli.Main "$@"
}

forno_engine() {
    # shellcheck disable=SC2046,SC2086 # options are words
    exec ${wrap:-} "$JAVA_HOME/bin/java" $jvm_common ${cache-$(aot_option engine)} -Xms16m -Xmx256m ${FORNO_JAVA_OPTIONS:-} \
        "-Dforno.launcher=$launcher" -cp "$(engine_path)" dev.forno.Daemon "$@"
}
