use std::{fs, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring::default_provider,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// The names that lead here.
pub(crate) const HOSTS: [&str; 3] = ["discord.com", "cdn.discordapp.com", "media.discordapp.net"];

/// Who vouches for this Discord; made anew for each.
pub(crate) struct Authority {
    folder: TempDir,
    pub(super) acceptor: TlsAcceptor,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name.push(DnType::CommonName, "Discord of the tests");
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let root_key = KeyPair::generate().unwrap();
        let certificate = root.self_signed(&root_key).unwrap();
        let folder = tempfile::Builder::new().prefix("taipan-discord-").tempdir().unwrap();
        fs::write(folder.path().join("authority.pem"), certificate.pem()).unwrap();

        let issuer = Issuer::new(root, root_key);
        let key = KeyPair::generate().unwrap();
        let mut server = CertificateParams::new(HOSTS.map(str::to_owned)).unwrap();
        server.use_authority_key_identifier_extension = true;
        let chain = vec![server.signed_by(&key, &issuer).unwrap().der().clone()];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Self { folder, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    /// Its certificate, for `SSL_CERT_FILE`.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        Path::join(self.folder.path(), "authority.pem")
    }
}
