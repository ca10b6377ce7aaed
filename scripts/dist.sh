# Sourced by ./forno: builds Forno into $dist and makes the AOT caches. Needs home, dist, launcher and the functions of ./forno.

build_dist() {
    mkdir -p "$home/library/target"
    command -v flock >/dev/null 2>&1 || fail "flock is missing: apt-get install util-linux"
    (
        flock 9
        # whoever waited for another build finds it done
        fresh && exit 0
        . "$home/scripts/jdk25.sh"
        find_jdk25
        part_from_running
        run_maven
        echo "$JAVA_HOME" >"$dist/java"
        unpack_native
        make_caches || echo "forno: no AOT cache could be made; starts will be slower" >&2
        [ ! -f "${FORNO_RUN:-/run/forno}/engine.pid" ] ||
            echo "forno: the running engine is of the earlier build; after '$launcher engine stop' the next command starts the new one" >&2
    ) 9>"$home/library/target/build.lock"
}

# An engine that runs keeps the jars that it has open: the build writes over copies.
part_from_running() {
    rm -rf "$dist/lib.old"
    [ -d "$dist/lib" ] || return 0
    mv "$dist/lib" "$dist/lib.old"
    cp -a "$dist/lib.old" "$dist/lib"
    rm -rf "$dist/lib.old"
}

# The build's cache of the engine is missing where a package that the engine needs was not there yet.
complete_caches() {
    [ ! -f "$dist/engine.aot" ] && [ -w "$dist" ] || return 0
    echo "  recording what makes the engine start faster (once; some seconds)"
    (
        flock 9
        [ -f "$dist/engine.aot" ] || make_caches || true
    ) 9>"$home/library/target/build.lock"
}

run_maven() {
    log=$home/library/target/build.log
    echo "forno: building (takes minutes the first time; log: $log)" >&2
    : >"$log"
    (cd "$home" && exec ./mvnw -B -ntp -pl library -am package -Dmaven.test.skip=true -Dspotless.check.skip=true) 9>&- >"$log" 2>&1 &
    maven=$!
    trap 'kill "$maven" 2>/dev/null; exit 130' INT TERM
    shown=
    while kill -0 "$maven" 2>/dev/null; do
        step=$(sed -n 's/^\[INFO\] Building \([^ ]*\) .*\(\[[0-9]*\/[0-9]*\]\)$/\2 \1/p' "$log" | tail -1)
        if [ "$step" != "$shown" ]; then
            echo "  $step" >&2
            shown=$step
        fi
        sleep 0.5
    done
    trap - INT TERM
    if ! wait "$maven"; then
        { grep '^\[ERROR\]' "$log" || tail -20 "$log"; } | head -20 >&2
        fail "the build failed; the whole log is $log"
    fi
}

# Lets the training engine do what engines do most. Its containers have no files but this machine's, read-only. Where
# containers can't run, as in some sandboxes, the cache knows a little less.
train_engine() (
    exec 9>&-
    FORNO_SOCKET=$place/sock
    export FORNO_SOCKET
    unset FORNO_HOST
    launcher=
    wrap="timeout 20"
    mounts=
    for directory in /bin /lib /lib64 /usr; do
        [ ! -d "$directory" ] || mounts="$mounts -v $directory:$directory:ro"
    done
    mkdir "$place/root" "$place/root/tmp"
    tar -C "$place/root" -cf "$place/root.tar" .
    forno import -c 'CMD ["true"]' "$place/root.tar" forno-training
    # layers of some size, so that the ways of their bytes are known as well
    tar -C "$dist" -czf "$place/lib.tar.gz" lib
    forno import "$place/lib.tar.gz" forno-training:lib
    forno save -o "$place/saved.tar" forno-training:lib
    forno rmi forno-training:lib
    forno load -q -i "$place/saved.tar"
    # what a registry's client needs before the bytes of layers; this registry is the engine's own and has those already
    forno tag forno-training:lib 127.0.0.1:5000/training
    forno push -q 127.0.0.1:5000/training
    forno rmi forno-training:lib 127.0.0.1:5000/training
    forno pull -q 127.0.0.1:5000/training
    # shellcheck disable=SC2086 # mounts are words
    for turn in 1 2 3; do
        forno run --rm $mounts forno-training || exit 1
    done
    # shellcheck disable=SC2086
    forno run -d --name forno-training $mounts forno-training sleep 60
    forno exec forno-training echo "$turn"
    forno logs forno-training
    forno ps
    forno rm -f forno-training
)

# One command in a process of its own.
forno() (
    cache=
    forno_cli "$@"
)

# Puts the database's native library beside the jars. Where there is none for this machine, the engine finds its own way.
unpack_native() {
    system=Linux
    [ -z "$(ls /lib/ld-musl-* 2>/dev/null)" ] || system=Linux-Musl
    rm -rf "$dist/native" "$dist/native.new"
    mkdir "$dist/native.new"
    library=org/sqlite/native/$system/$(uname -m)/libsqlitejdbc.so
    (cd "$dist/native.new" && "$JAVA_HOME/bin/jar" xf "$dist/lib/sqlite-jdbc.jar" "$library") || true
    if [ -f "$dist/native.new/$library" ]; then
        mkdir "$dist/native"
        mv "$dist/native.new/$library" "$dist/native/"
    fi
    rm -rf "$dist/native.new"
}

# Runs the engine and the command once, in a place of their own, so that the JVM records what they load.
make_caches() {
    . "$home/scripts/java.sh"
    rm -f "$dist"/*.aot
    place=$(mktemp -d /tmp/forno-training.XXXXXX) || return 1
    engine=
    if [ "$(id -u)" = 0 ] && [ -f "$dist/lib/forno-docker-api.jar" ]; then
        (
            exec 9>&-
            cache="-XX:AOTCacheOutput=$dist/engine.aot.new"
            # its bridge and packet-filter table go with the namespace, where nobody reaches its registry
            printf 'ip link set lo up 2>/dev/null\nexec "$@"\n' >"$place/alone"
            wrap="unshare --net sh $place/alone"
            forno_engine --socket "$place/sock" --state "$place/state" --run "$place/run" --bridge fornotrain \
                --subnet 10.255.254.1/24 --nft-table forno_training --cgroup-parent /forno-training \
                --registry-listen 0.0.0.0:5000
        ) >"$place/engine.log" 2>&1 &
        engine=$!
        turns=0
        while [ ! -S "$place/sock" ] && kill -0 "$engine" 2>/dev/null && [ "$turns" -lt 200 ]; do
            turns=$((turns + 1))
            sleep 0.1
        done
        if [ -S "$place/sock" ]; then
            : >"$place/started"
            train_engine >"$home/library/target/training-engine.log" 2>&1 || true
        fi
    fi
    (
        exec 9>&-
        cache="-XX:AOTCacheOutput=$dist/cli.aot.new"
        # without a launcher the command cannot start an engine of its own
        launcher=
        unset FORNO_HOST
        FORNO_SOCKET="$place/sock" forno_cli --training
    ) >"$home/library/target/training.log" 2>&1 || true
    if [ -n "$engine" ]; then
        kill "$engine" 2>/dev/null || true
        # what an engine that did not start has loaded is of no use
        wait "$engine" 2>/dev/null || true
        [ -e "$place/started" ] || rm -f "$dist/engine.aot.new"
    fi
    rm -rf "$place"
    for name in cli engine; do
        [ ! -f "$dist/$name.aot.new" ] || mv "$dist/$name.aot.new" "$dist/$name.aot"
        rm -f "$dist/$name.aot.new.config" "$dist/$name.aot.config"
    done
    [ -f "$dist/cli.aot" ]
}
