/** One container's processes: bundle, OCI runtime, monitor, stdio, exec, exit, logs, stats. */
module dev.forno.runtime {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires dev.forno.linux;

    exports dev.forno.runtime.logs;
    exports dev.forno.runtime.monitors;
    exports dev.forno.runtime.tasks;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.forno.runtime.jsonb.GeneratedJsonComponent;
}
