import okhttp3.CertificatePinner

// Nobody's pins - - for tests.
val certificatePinner = CertificatePinner.Builder()
    // app
    // Example Root CA 1; https://pki.example/roots
    .add("**.example.com", "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
    // Offline key; backup; safe 2
    .add("**.example.com", "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=")
    // api: the API
    // API leaf
    .add("api.example.com", "sha256/i1udsME9skJWyCmqNkqpDG0uujGLkjKkq5MTuVTTVV8=")
    // API issuer
    .add("api.example.com", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=")
    // API spare; backup
    .add("api.example.com", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=")
    // app
    // Example Root CA 1; https://pki.example/roots
    .add("*.example.net", "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
    // Offline key; backup; safe 2
    .add("*.example.net", "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=")
    // app
    // Example Root CA 1; https://pki.example/roots
    .add("example.org", "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
    // Offline key; backup; safe 2
    .add("example.org", "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=")
    // app
    // Example Root CA 1; https://pki.example/roots
    .add("*.example.org", "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
    // Offline key; backup; safe 2
    .add("*.example.org", "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=")
    // app
    // Example Root CA 1; https://pki.example/roots
    .add("192.0.2.7", "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
    // Offline key; backup; safe 2
    .add("192.0.2.7", "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=")
    .build()
