package dev.forno.linux.compression;

class JdkGzipInputTest extends GzipInputContract {
    @Override
    Inflation inflation() {
        return new JdkInflation();
    }
}
