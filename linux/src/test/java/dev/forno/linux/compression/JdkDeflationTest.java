package dev.forno.linux.compression;

class JdkDeflationTest extends DeflationContract {
    @Override
    Deflation deflation() {
        return new JdkDeflation();
    }
}
