/** Content by digest, metadata, layers, snapshots, leases and garbage collection. */
module dev.forno.store {
    requires static org.jspecify;
    requires transitive dev.forno.oci;
    requires transitive dev.forno.linux;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires com.github.luben.zstd_jni;

    exports dev.forno.store;
    exports dev.forno.store.archives;
    exports dev.forno.store.contents;
    exports dev.forno.store.failures;
    exports dev.forno.store.garbage;
    exports dev.forno.store.indexes;
    exports dev.forno.store.layers;
    exports dev.forno.store.leases;
    exports dev.forno.store.places;
    exports dev.forno.store.records;
    exports dev.forno.store.snapshots;
    exports dev.forno.store.workers;
}
