#include "absl/types/span.h"
#include "pinning/internal/messages.h"

namespace pinning {
namespace internal {
namespace {

constexpr Message kMessages[] = {
    // What a diagnosis comes to, in one line.
    {"summary.interception", 0,
     "MITM: this connection is intercepted and inspected",
     "MITM: esta conexión está siendo interceptada e inspeccionada"},
    {"summary.interception-by", 1,
     "MITM: this connection is intercepted and inspected by \"$0\"",
     "MITM: esta conexión está siendo interceptada e inspeccionada por «$0»"},
    {"summary.interception.low", 0,
     "MITM: this connection is probably intercepted and inspected",
     "MITM: esta conexión probablemente está siendo interceptada e "
     "inspeccionada"},
    {"summary.interception-by.low", 1,
     "MITM: this connection is probably intercepted and inspected by \"$0\"",
     "MITM: esta conexión probablemente está siendo interceptada e "
     "inspeccionada por «$0»"},
    {"summary.unexpected-issuer", 0,
     "an authority that the pins do not know issued the certificate",
     "una autoridad de certificación que las claves fijadas (pins) no conocen "
     "emitió el certificado"},
    {"summary.stale-pins", 0, "the pins are out of date, not the server",
     "las claves fijadas (pins) están desactualizadas, no el servidor"},
    {"summary.captive-portal", 0,
     "the network's login page answers in place of the server",
     "responde la página de inicio de sesión de la red en lugar del servidor"},
    {"summary.clock", 0, "the clock of this machine is wrong",
     "el reloj de este equipo está mal"},
    {"summary.server", 0, "the server is set up wrongly",
     "el servidor está mal configurado"},
    {"confidence.low", 0, "low confidence", "confianza baja"},
    {"confidence.medium", 0, "medium confidence", "confianza media"},
    {"confidence.high", 0, "high confidence", "confianza alta"},

    // Names of what is enumerated, as people say them.
    {"kind.interception", 0, "interception", "interceptación"},
    {"kind.unexpected-issuer", 0, "unexpected issuer", "emisor inesperado"},
    {"kind.stale-pins", 0, "stale pins", "pins desactualizados"},
    {"kind.captive-portal", 0, "captive portal", "portal cautivo"},
    {"kind.clock", 0, "clock", "reloj"},
    {"kind.server", 0, "server", "servidor"},
    {"vendor.unknown", 0, "unknown", "desconocido"},
    {"vendor.enterprise-proxy", 0, "enterprise proxy", "proxy de empresa"},
    {"vendor.firewall", 0, "firewall", "cortafuegos"},
    {"vendor.antivirus", 0, "antivirus program", "programa antivirus"},
    {"vendor.developer-proxy", 0, "developer proxy", "proxy de desarrollo"},
    {"vendor.parental-control", 0, "parental control", "control parental"},
    {"vendor.malware", 0, "malware", "programa malicioso"},
    {"vendor.state", 0, "state", "Estado"},
    {"weight.conclusive", 0, "conclusive", "concluyente"},
    {"weight.telling", 0, "telling", "revelador"},
    {"weight.pinned", 0, "pinned", "de los pins"},
    {"weight.home-made", 0, "home-made", "de hechura propia"},
    {"weight.weak", 0, "weak", "débil"},
    {"weight.context", 0, "context", "contexto"},

    // Advice. For interception $0 is what to exempt, and $1 who inspects.
    {"advice.exempt", 1,
     "ask the administrator to exempt $0 from TLS inspection",
     "pida al administrador que excluya $0 de la inspección TLS"},
    {"advice.exempt-antivirus", 2,
     "exempt $0 from the HTTPS scanning of $1, or turn that scanning off",
     "excluya $0 del análisis HTTPS de $1, o desactive ese análisis"},
    {"advice.exempt-developer-proxy", 2,
     "stop $1 and remove its certificate authority from this machine, or let "
     "$0 pass through it untouched",
     "detenga $1 y quite de este equipo su autoridad de certificación, o "
     "excluya $0 de su inspección"},
    {"advice.exempt-parental-control", 2,
     "ask whoever manages the parental control, $1, to exempt $0 from TLS "
     "inspection",
     "pida a quien administra el control parental, $1, que excluya $0 de la "
     "inspección TLS"},
    {"advice.exempt-state", 2,
     "connect from a network that $1 does not inspect; nobody here can exempt "
     "$0",
     "conéctese desde una red que $1 no inspeccione; nadie aquí puede excluir "
     "$0"},
    {"advice.malware", 1,
     "treat this machine as compromised: remove $0 and its root certificate, "
     "then change every password that was used on it",
     "considere comprometido este equipo: elimine $0 y su certificado raíz, y "
     "después cambie todas las contraseñas que se usaron en él"},
    {"advice.unexpected-issuer", 1,
     "ask the operator of $0 whether its keys or its certificate authority "
     "changed; if they did, update the pins; if they did not, report a "
     "mis-issued certificate to the authority",
     "pregunte al operador de $0 si cambiaron sus claves o su autoridad de "
     "certificación; si cambiaron, actualice las claves fijadas (pins); si no, "
     "comunique a la autoridad que emitió un certificado indebido"},
    {"advice.unknown-authority", 2,
     "ask the operator of $0 whether its certificate is from \"$1\"; if it is, "
     "add that authority's root to the trusted roots and its key to the pins; "
     "if it is not, someone in the middle answers",
     "pregunte al operador de $0 si su certificado es de «$1»; si lo es, añada "
     "la raíz de esa autoridad a las raíces de confianza y su clave a las "
     "claves fijadas (pins); si no lo es, responde alguien interpuesto"},
    {"advice.stale-pins", 1, "update the pin file, then check $0 again",
     "actualice el archivo de claves fijadas (pins) y vuelva a comprobar $0"},
    {"advice.captive-portal", 0,
     "sign in to the network in a browser, then try again",
     "inicie sesión en la red con un navegador y vuelva a intentarlo"},
    {"advice.clock", 1,
     "set the clock of this machine, which says $0, then try again",
     "ponga en hora el reloj de este equipo, que marca $0, y vuelva a "
     "intentarlo"},
    {"advice.server", 2,
     "tell the operator of $0 that its certificate is refused: $1",
     "informe al operador de $0 de que su certificado se rechaza: $1"},
    {"advice.server.expired", 2,
     "tell the operator of $0 that a certificate it serves has expired, unless "
     "the clock of this machine, which says $1, is wrong",
     "informe al operador de $0 de que ha caducado un certificado que "
     "presenta, "
     "salvo que esté mal el reloj de este equipo, que marca $1"},
    {"advice.server.missing-issuer", 2,
     "tell the operator of $0 to serve the certificate of its issuer, \"$1\", "
     "too",
     "pida al operador de $0 que presente también el certificado de su emisor, "
     "«$1»"},

    // Evidence of interception.
    {"known-key", 1, "the key is known to be that of $0",
     "se sabe que la clave es de $0"},
    {"known-product", 2, "the issuer \"$0\" is what $1 calls itself",
     "el emisor «$0» es el nombre que usa $1"},
    {"known-product.subject", 2,
     "\"$0\", the name in the leaf, is what $1 writes there",
     "«$0», el nombre del certificado del servidor, es lo que escribe en él "
     "$1"},
    {"resembles-product", 1, "the leaf looks like one that $0 made",
     "el certificado del servidor se parece a los que hace $0"},
    {"local-anchor", 1, "the anchor \"$0\" was added to this machine",
     "el ancla de confianza «$0» se añadió a este equipo"},
    {"leaf-key-is-issuer-key", 1,
     "the leaf holds the key of \"$0\", which no authority gives away",
     "el certificado del servidor lleva la clave de «$0», que ninguna "
     "autoridad de certificación cede"},
    {"leaf-key-is-issuer-key.anchor", 1,
     "the leaf holds the key of the trust anchor \"$0\"",
     "el certificado del servidor lleva la clave del ancla de confianza «$0»"},
    {"leaf-key-is-issuer-key.own", 1,
     "the leaf, issued by \"$0\", is signed with its own key: whoever serves "
     "it holds the authority's key",
     "el certificado del servidor, emitido por «$0», está firmado con su "
     "propia "
     "clave: quien lo presenta tiene la clave de la autoridad de "
     "certificación"},
    {"leaf-key-elsewhere", 2,
     "the key served for $0 was also served for $1, which has nothing to do "
     "with it",
     "la clave que se presentó para $0 se presentó también para $1, que no "
     "tiene relación con él"},
    {"issuer-elsewhere", 3,
     "\"$0\", which no public programme vouches for, signed for $1 and also "
     "for $2",
     "«$0», que ningún programa público avala, firmó para $1 y también para "
     "$2"},
    {"bad-timestamps", 1,
     "$0 of the certificate timestamps (SCTs) that came with the leaf are not "
     "about it: they were copied or made up",
     "$0 de los sellos de tiempo (SCT) que vinieron con el certificado del "
     "servidor no son suyos: se copiaron o se inventaron"},
    {"serial-near-genuine", 1,
     "the serial number of the leaf is that of the genuine certificate, $0, "
     "and a little more",
     "el número de serie del certificado del servidor es el del genuino, $0, y "
     "un poco más"},
    {"public-authority-pinned", 2,
     "the pins of $0 name a public authority, \"$1\"; this chain is not of a "
     "public authority's making",
     "las claves fijadas (pins) de $0 señalan a una autoridad de certificación "
     "pública, «$1»; esta cadena no la hizo una autoridad pública"},
    {"imitated-issuer", 1,
     "the leaf names \"$0\" as its issuer, whose key did not sign it",
     "el certificado del servidor nombra como emisor a «$0», cuya clave no lo "
     "firmó"},
    {"imitated-issuer.anchor", 1,
     "it names the trust anchor \"$0\" as its issuer, whose key did not sign "
     "it",
     "nombra como emisor al ancla de confianza «$0», cuya clave no lo firmó"},
    {"inspection-name", 1, "the authority calls itself \"$0\"",
     "la autoridad de certificación se llama a sí misma «$0»"},
    {"genuine-appended", 1,
     "a certificate of a public authority, \"$0\", was appended, to which the "
     "leaf does not chain",
     "se adjuntó un certificado de una autoridad de certificación pública, "
     "«$0», con el que el certificado del servidor no encadena"},
    {"leaf-older-than-issuer", 1,
     "the leaf is older than the authority that signed it, \"$0\"",
     "el certificado del servidor es anterior a la autoridad de certificación "
     "que lo firmó, «$0»"},
    {"pinned-keys-absent", 1, "none of the keys pinned for $0 was served",
     "no se presentó ninguna de las claves fijadas (pins) para $0"},
    {"pinned-keys-absent.unused", 1,
     "keys pinned for $0 were served, but the leaf does not chain to them",
     "se presentaron claves fijadas (pins) para $0, pero el certificado del "
     "servidor no encadena con ellas"},
    {"no-public-ca-marks.issuer", 1,
     "the authority that signed the leaf, \"$0\", has no pointer to its issuer "
     "and none to a revocation list, which public authorities put in",
     "la autoridad de certificación que firmó el certificado del servidor, "
     "«$0», no lleva referencias a su emisor ni a una lista de revocación, que "
     "las autoridades de certificación públicas incluyen"},
    {"served-root-issued-leaf.end", 1,
     "the chain ends at a self-signed certificate served with it, \"$0\"",
     "la cadena termina en un certificado autofirmado que se presentó junto a "
     "ella, «$0»"},
    {"no-timestamps", 0,
     "no certificate timestamps (SCTs) came with the leaf: not in it, not in "
     "the handshake, not in a stapled OCSP response",
     "el certificado del servidor vino sin sellos de tiempo (SCT): ni dentro "
     "de él, ni en la negociación, ni en una respuesta OCSP adjunta"},
    {"no-timestamps.chain", 0,
     "the leaf holds no certificate timestamps (SCTs), which public "
     "authorities put in; whether the handshake brought any is not known",
     "el certificado del servidor no lleva sellos de tiempo (SCT), que las "
     "autoridades de certificación públicas incluyen; no se sabe si llegaron "
     "en la negociación"},
    {"no-public-ca-marks", 1,
     "the leaf lacks what public authorities put in: $0",
     "al certificado del servidor le falta lo que las autoridades de "
     "certificación públicas incluyen: $0"},
    {"served-root-issued-leaf", 1,
     "a self-signed certificate served with it, \"$0\", signed the leaf",
     "un certificado autofirmado que se presentó junto a él, «$0», firmó el "
     "certificado del servidor"},
    {"minted-recently.now", 0, "the leaf became valid this very second",
     "el certificado del servidor empezó a ser válido en este mismo segundo"},
    {"minted-recently", 1, "the leaf became valid $0 ago",
     "el certificado del servidor empezó a ser válido hace $0"},
    {"validity-is-issuers", 1,
     "the leaf is valid from and to the same second as its issuer, \"$0\"",
     "el certificado del servidor es válido desde y hasta el mismo segundo que "
     "su emisor, «$0»"},
    {"issuer-key-id-differs", 1,
     "the key identifier that the leaf gives for its issuer is not that of "
     "\"$0\", which signed it",
     "el identificador de clave que el certificado del servidor da de su "
     "emisor "
     "no es el de «$0», que lo firmó"},
    {"served-twice", 1, "the certificate \"$0\" was served twice",
     "el certificado «$0» se presentó dos veces"},
    {"served-unrelated", 1,
     "a certificate was served that has no part in the chain, \"$0\"",
     "se presentó un certificado que no forma parte de la cadena, «$0»"},
    {"key-unlike-last-seen", 2, "the leaf key is $0; it was $1 when last seen",
     "la clave del certificado del servidor es $0; la última vez era $1"},
    {"serial-sequential", 1,
     "the serial number of the leaf follows that of the certificate last seen, "
     "$0",
     "el número de serie del certificado del servidor sigue al del último "
     "visto, $0"},
    {"serial-sequential.issuer", 1,
     "the serial number of the leaf follows that of its issuer, $0",
     "el número de serie del certificado del servidor sigue al de su emisor, "
     "$0"},
    {"odd-serial", 1,
     "the serial number of the leaf has $0 octets, too few to be random",
     "el número de serie del certificado del servidor tiene $0 octetos, "
     "demasiado pocos para ser aleatorio"},
    {"odd-serial.negative", 0, "the serial number of the leaf is negative",
     "el número de serie del certificado del servidor es negativo"},
    {"subject-is-issuers", 1,
     "the leaf's subject, \"$0\", is taken from that of its issuer",
     "el titular del certificado del servidor, «$0», está tomado del de su "
     "emisor"},
    {"no-key-ids", 0,
     "the leaf identifies neither its own key nor that of its issuer",
     "el certificado del servidor no identifica su propia clave ni la de su "
     "emisor"},
    {"key-id-not-of-key", 0,
     "the leaf's key identifier is not made from its key",
     "el identificador de clave del certificado del servidor no se obtiene de "
     "su clave"},
    {"authority-named-by-serial", 0,
     "the leaf names its issuer's certificate by serial number, as public "
     "authorities do not",
     "el certificado del servidor señala el de su emisor por el número de "
     "serie, cosa que las autoridades de certificación públicas no hacen"},
    {"no-key-usage", 0, "the leaf does not say what its key may be used for",
     "el certificado del servidor no dice para qué sirve su clave"},
    {"key-usage-not-critical", 0, "the leaf's key usage is not marked critical",
     "el uso de la clave del certificado del servidor no está marcado como "
     "crítico"},
    {"validity-too-long", 2,
     "the leaf is valid for $0 days; public authorities may issue for $1",
     "el certificado del servidor es válido $0 días; las autoridades de "
     "certificación públicas pueden emitir por $1"},
    {"validity-of-whole-days", 1,
     "the leaf is valid for exactly $0 days, to the second",
     "el certificado del servidor es válido exactamente $0 días, al segundo"},
    {"no-alpn", 0,
     "no application protocol (ALPN) was negotiated, as it was when last seen",
     "no se negoció protocolo de aplicación (ALPN), y la última vez sí"},
    {"no-staple", 0, "no OCSP response was stapled, as it was when last seen",
     "no se adjuntó respuesta OCSP, y la última vez sí"},

    // Evidence on pins.
    {"public-anchor", 1,
     "the path ends at \"$0\", which was not added to this machine",
     "la cadena termina en «$0», que no se añadió a este equipo"},
    {"blocked-key", 0, "a key on the path is blocked",
     "una clave de la cadena está bloqueada"},
    {"pin-set-expired", 0, "the pin set has expired",
     "el conjunto de claves fijadas (pins) ha caducado"},
    {"pin-list-old", 1, "the pin list is from $0, more than 70 days ago",
     "la lista de claves fijadas (pins) es del $0, hace más de 70 días"},
    {"pinned-key-served", 0,
     "a pinned key was served, on a certificate the path does not use",
     "se presentó una clave fijada (pin), en un certificado que la cadena no "
     "usa"},
    {"pinned-key-on-path", 0, "a pinned key is on the path",
     "hay una clave fijada (pin) en la cadena"},
    {"pinned-key-on-path.partial", 0,
     "a pinned key is on what could be followed of the path",
     "hay una clave fijada (pin) en la parte de la cadena que se pudo seguir"},

    // Evidence on time, names, and what a server forgets.
    {"expired", 1, "expired $0", "caducó el $0"},
    {"not-yet-valid", 1, "not valid before $0", "no es válido antes del $0"},
    {"clock-behind-pin-list", 1,
     "the pin list is from $0, which this clock says is yet to come",
     "la lista de claves fijadas (pins) es del $0, fecha que según este reloj "
     "aún no ha llegado"},
    {"name-mismatch", 1, "the certificate is not for $0",
     "el certificado no es para $0"},
    {"name-mismatch.names", 2, "the certificate is for $1, not for $0",
     "el certificado es para $1, no para $0"},
    {"self-signed-leaf", 0, "the certificate signs itself",
     "el certificado está autofirmado"},
    {"portal-name", 1,
     "the certificate is for \"$0\", as a login page's would be",
     "el certificado es para «$0», como lo sería el de una página de inicio de "
     "sesión"},
    {"private-address", 1, "the certificate is for the private address $0",
     "el certificado es para la dirección privada $0"},
    {"default-certificate", 1,
     "the certificate, \"$0\", is one that server software comes with",
     "el certificado, «$0», es uno de los que trae el programa del servidor"},
    {"missing-issuer", 1, "the certificate of its issuer \"$0\" was not served",
     "no se presentó el certificado de su emisor, «$0»"},
    {"profile", 1,
     "its signatures lead to an anchor, but the path is refused: $0",
     "sus firmas llevan a un ancla de confianza, pero la cadena se rechaza: "
     "$0"},
};

}  // namespace

absl::Span<const Message> AllMessages() { return kMessages; }

}  // namespace internal
}  // namespace pinning
