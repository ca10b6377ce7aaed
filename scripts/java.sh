# Sourced by ./forno: how the JVM is started for the command and for the engine. Needs home, dist, launcher, JAVA_HOME.
# A cache of loaded and linked classes (AOT cache) makes starts several times faster; without it everything works too.

jvm_common="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xlog:disable -Xlog:all=error:stderr \
--enable-native-access=ALL-UNNAMED"

# The command is over before the optimising compiler pays.
cli_options="-XX:TieredStopAtLevel=1 -Xms8m -Xmx64m"

# The engine's: only what runs very often is worth the optimising compiler's time and memory, above all the digests of
# layers, which are ten times faster by it. The young generation holds what a layer's way through the engine leaves
# behind, so that it isn't kept for long. The upper limit is for indexes of images with very many files. Pulled bytes come
# in pieces of 64 KiB rather than 16, with a quarter of the threads' waking each other.
engine_options="-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=50000 \
-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 -Xms32m -Xmn16m -Xmx512m \
-Djdk.httpclient.bufsize=65536"

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

# The database's native library as the build has put it down; without it every start unpacks it anew.
native_option() {
    if [ -f "$dist/native/libsqlitejdbc.so" ]; then
        printf '%s' "-Dorg.sqlite.lib.path=$dist/native"
    fi
}

forno_cli() {
    # shellcheck disable=SC2046,SC2086 # options are words
    exec ${wrap:-} "$JAVA_HOME/bin/java" $jvm_common ${cache-$(aot_option cli)} $cli_options ${FORNO_JAVA_OPTIONS:-} \
        "-Dforno.launcher=$launcher" -cp "$(cli_path)" dev.forno.cli.Main "$@"
}

forno_engine() {
    # shellcheck disable=SC2046,SC2086 # options are words
    exec ${wrap:-} "$JAVA_HOME/bin/java" $jvm_common ${cache-$(aot_option engine)} $engine_options ${FORNO_JAVA_OPTIONS:-} \
        $(native_option) "-Dforno.launcher=$launcher" -cp "$(engine_path)" dev.forno.Daemon "$@"
}

# It is made of parts of the engine, which has recorded them.
forno_registry() {
    # shellcheck disable=SC2046,SC2086 # options are words
    exec ${wrap:-} "$JAVA_HOME/bin/java" $jvm_common $(aot_option engine) $engine_options ${FORNO_JAVA_OPTIONS:-} \
        $(native_option) -cp "$(engine_path)" dev.forno.RegistryDaemon "$@"
}
