#include "tools/tlspin/phrases.h"

#include <cstddef>
#include <iterator>

namespace tlspin {
namespace {

struct Row {
  Phrase phrase;
  absl::string_view english;
  absl::string_view spanish;
};

// In the order of the enumeration, which the compiler holds below.
constexpr Row kRows[] = {
    // Labels of the terminal's lines: at most eight letters.
    {Phrase::kLabelHost, "host", "host"},
    {Phrase::kLabelTime, "time", "hora"},
    {Phrase::kLabelPath, "path", "ruta"},
    {Phrase::kLabelServed, "served", "servido"},
    {Phrase::kLabelServer, "server", "servidor"},
    {Phrase::kLabelFile, "file", "archivo"},
    {Phrase::kLabelTried, "tried", "probado"},
    {Phrase::kLabelPins, "pins", "pins"},
    {Phrase::kLabelMeans, "means", "indica"},
    {Phrase::kLabelWhy, "why", "motivo"},
    {Phrase::kLabelError, "error", "error"},
    {Phrase::kAccept, "ACCEPT", "ACEPTA"},
    {Phrase::kReject, "REJECT", "RECHAZA"},
    // What a certificate is on its path.
    {Phrase::kLeaf, "leaf", "final"},
    {Phrase::kIssuer, "issuer", "emisor"},
    {Phrase::kAnchor, "anchor", "ancla"},
    {Phrase::kLeafAndAnchor, "leaf and anchor", "final y ancla"},
    {Phrase::kAddedHere, "$0, added to this machine",
     "$0, añadida a este equipo"},
    {Phrase::kFromProgramme, "$0, of a public root programme",
     "$0, de un programa público de raíces"},
    {Phrase::kAsServed, "as served", "tal como se sirvió"},
    {Phrase::kIssuedBy, "issued by $0", "emitido por $0"},
    {Phrase::kNoSubject, "(no subject)", "(sin sujeto)"},
    {Phrase::kRefusedFor, "refused: $0", "rechazada: $0"},
    {Phrase::kAtDepth, "$0 at depth $1", "$0 en la profundidad $1"},
    // Pin sets and pins.
    {Phrase::kNoPins, "no pins", "sin pins"},
    {Phrase::kNoPinsForName, "none for this name", "ninguno para este nombre"},
    {Phrase::kSetForPattern, "$0 for $1 ($2, $3)", "$0 para $1 ($2, $3)"},
    {Phrase::kEnforced, "enforced", "se aplica"},
    {Phrase::kReportOnly, "report-only", "solo informa"},
    {Phrase::kExpiresInDays, "expires $0, $1 days left",
     "vence el $0, quedan $1 días"},
    {Phrase::kExpiresInOneDay, "expires $0, 1 day left",
     "vence el $0, queda 1 día"},
    {Phrase::kExpiredRejects, "expired $0, refuses everything",
     "venció el $0, rechaza todo"},
    {Phrase::kExpiredStops, "expired $0, not enforced",
     "venció el $0, no se aplica"},
    {Phrase::kKindPin, "pin", "pin"},
    {Phrase::kKindBackup, "backup", "respaldo"},
    {Phrase::kKindBlocked, "blocked", "bloqueado"},
    {Phrase::kOnlyAsLeaf, "$0, as leaf only", "$0, solo como final"},
    {Phrase::kOnlyAsIssuer, "$0, as issuer only", "$0, solo como emisor"},
    {Phrase::kOnlyAsAnchor, "$0, as anchor only", "$0, solo como ancla"},
    {Phrase::kOnPath, "on the path at depth $0", "en la ruta, profundidad $0"},
    {Phrase::kOnPathNoCount, "on the path at depth $0, where it does not count",
     "en la ruta, profundidad $0, donde no cuenta"},
    {Phrase::kNotOnPath, "not on the path", "no está en la ruta"},
    {Phrase::kNoPathToCompare, "no valid path to compare",
     "no hay ruta válida con que comparar"},
    // Signed certificate timestamps.
    {Phrase::kLabelScts, "scts", "scts"},
    {Phrase::kSctsNone, "none", "ninguno"},
    {Phrase::kSctsEmbedded, "$0 embedded", "$0 en el certificado"},
    {Phrase::kSctsTls, "$0 in TLS", "$0 en TLS"},
    {Phrase::kSctsOcsp, "$0 in OCSP", "$0 en OCSP"},
    {Phrase::kSctsValid, "$0 valid", "$0 válidos"},
    {Phrase::kSctsFault, "a list that cannot be read ($0)",
     "una lista que no se puede leer ($0)"},
    // The answer.
    {Phrase::kAcceptMatched, "$0: the pin \"$1\" matched",
     "$0: coincide el pin «$1»"},
    {Phrase::kAcceptMatchedBackup,
     "$0: the pin \"$1\" matched, a backup pin: rotation is under way",
     "$0: coincide el pin «$1», que es de respaldo: hay una rotación en curso"},
    {Phrase::kAcceptNotPinned, "$0: the path is valid; the name is not pinned",
     "$0: la ruta es válida; el nombre no tiene pins"},
    {Phrase::kAcceptOtherwise, "$0: the path is valid; pins are $1",
     "$0: la ruta es válida; estado de los pins: $1"},
    {Phrase::kWouldReject, "$0; report-only: would have been refused",
     "$0; solo informa: se habría rechazado"},
    {Phrase::kWithDetail, "$0, $1", "$0, $1"},
    // The page.
    {Phrase::kPageTitleAccepted, "$0: accepted", "$0: aceptada"},
    {Phrase::kPageTitleRefused, "$0: refused", "$0: rechazada"},
    {Phrase::kPageTitleMitm, "$0: refused, MITM", "$0: rechazada, MITM"},
    {Phrase::kPageConnection, "TLS connection to $0", "Conexión TLS con $0"},
    {Phrase::kPageAccepted, "Accepted", "Aceptada"},
    {Phrase::kPageRefused, "Refused", "Rechazada"},
    {Phrase::kPageRefusedMitm, "Refused: man in the middle (MITM)",
     "Rechazada: intermediario (MITM)"},
    {Phrase::kPageAcceptedButMitm,
     "Accepted, report-only: man in the middle (MITM)",
     "Aceptada, solo informa: intermediario (MITM)"},
    {Phrase::kPageAcceptedBut, "Accepted, report-only: would have been refused",
     "Aceptada, solo informa: se habría rechazado"},
    {Phrase::kPageWhatToDo, "What to do", "Qué hacer"},
    {Phrase::kPageExempt, "Exempt exactly these from TLS inspection:",
     "Excluya exactamente estos de la inspección TLS:"},
    {Phrase::kPageWho, "Who is in the middle", "Quién está en medio"},
    {Phrase::kPageKindOfProduct, "Kind of product", "Tipo de producto"},
    {Phrase::kPageConfidence, "Confidence", "Confianza"},
    {Phrase::kPageDiagnosis, "Diagnosis", "Diagnóstico"},
    {Phrase::kPageRefusalCode, "Refused with", "Rechazada con"},
    {Phrase::kPagePinStatus, "Pins", "Pins"},
    {Phrase::kPageWhy, "Why", "Por qué"},
    {Phrase::kPageWhyOrder, "Evidence, the strongest first.",
     "Indicios, el más fuerte primero."},
    {Phrase::kPageNoEvidence, "There is no evidence of anything unusual.",
     "No hay indicios de nada fuera de lo normal."},
    {Phrase::kPageCertificateN, "certificate $0", "certificado $0"},
    {Phrase::kPageFieldN, "field $0", "campo $0"},
    {Phrase::kPageKeys, "Keys: served and expected",
     "Claves: servidas y esperadas"},
    {Phrase::kPageServed, "Served", "Servidas"},
    {Phrase::kPageExpected, "Expected", "Esperadas"},
    {Phrase::kPageServedCaption, "What the server presented, in its order",
     "Lo que presentó el servidor, en su orden"},
    {Phrase::kPageExpectedCaption, "What the pin file expects",
     "Lo que espera el archivo de pins"},
    {Phrase::kPageNothingServed,
     "The server presented no certificate that could be read.",
     "El servidor no presentó ningún certificado legible."},
    {Phrase::kPageNothingExpected, "No pin is expected of this name.",
     "No se espera ningún pin de este nombre."},
    {Phrase::kPageNumber, "No.", "N.º"},
    {Phrase::kPageCertificate, "Certificate", "Certificado"},
    {Phrase::kPageRole, "Role", "Papel"},
    {Phrase::kPageMatch, "Pinned", "Fijada"},
    {Phrase::kPageExpectedPin, "Pin", "Pin"},
    {Phrase::kPageKind, "Kind", "Tipo"},
    {Phrase::kPageWhere, "Served?", "¿Servida?"},
    {Phrase::kPageMatchesPin, "yes: $0", "sí: $0"},
    {Phrase::kPageMatchesBackup, "yes, backup: $0", "sí, de respaldo: $0"},
    {Phrase::kPageMatchesBlocked, "blocked: $0", "bloqueada: $0"},
    {Phrase::kPageMatchesNone, "no", "no"},
    {Phrase::kPageServedAt, "yes, certificate $0", "sí, certificado $0"},
    {Phrase::kPageAnchorHolds, "not served; the anchor of the path",
     "no servida; el ancla de la ruta"},
    {Phrase::kPageNotServed, "no", "no"},
    {Phrase::kPageIssuedBy, "Issued by", "Emitido por"},
    {Phrase::kPageValid, "Valid $0 to $1", "Válido del $0 al $1"},
    {Phrase::kPageSetLine, "Pin set $0", "Conjunto de pins $0"},
    {Phrase::kPagePath, "Path", "Ruta"},
    {Phrase::kPagePathCaption,
     "The path that decided, from the leaf to the anchor",
     "La ruta que decidió, del certificado final al ancla"},
    {Phrase::kPageNoPath, "No valid path to a trusted anchor was found.",
     "No se encontró ninguna ruta válida hasta un ancla de confianza."},
    {Phrase::kPageTried, "Every path tried", "Todas las rutas probadas"},
    {Phrase::kPageTriedNone, "No path failed.", "Ninguna ruta falló."},
    {Phrase::kPageTriedN, "Path $0", "Ruta $0"},
    {Phrase::kPageTriedCaption, "Path $0, from the leaf up",
     "Ruta $0, desde el certificado final"},
    {Phrase::kPageReachedAnchor, "It reached an anchor.",
     "Llegó hasta un ancla."},
    {Phrase::kPageReachedLocal,
     "It reached an anchor that was added to this machine.",
     "Llegó hasta un ancla añadida a este equipo."},
    {Phrase::kPageDidNotReach, "It reached no anchor.",
     "No llegó a ningún ancla."},
    {Phrase::kPageConnectionFacts, "Connection", "Conexión"},
    {Phrase::kPageServer, "Server", "Servidor"},
    {Phrase::kPageFile, "File", "Archivo"},
    {Phrase::kPageTlsVersion, "TLS version", "Versión de TLS"},
    {Phrase::kPageCipher, "Cipher suite", "Conjunto de cifrado"},
    {Phrase::kPageAlpn, "ALPN", "ALPN"},
    {Phrase::kPageAlpnNone, "none selected", "no se eligió ninguno"},
    {Phrase::kPageStaple, "Stapled OCSP response", "Respuesta OCSP adjunta"},
    {Phrase::kPageTlsScts, "SCTs in the handshake", "SCT en el saludo TLS"},
    {Phrase::kPageBytes, "$0 bytes", "$0 bytes"},
    {Phrase::kPageNone, "none", "no"},
    {Phrase::kPageOffline, "Judged from a file: nothing was asked of a server.",
     "Juzgado a partir de un archivo: no se preguntó a ningún servidor."},
    {Phrase::kPageJudged, "How this was judged", "Cómo se juzgó"},
    {Phrase::kPageTimeUsed, "Time used", "Hora usada"},
    {Phrase::kPageRoots, "Roots used", "Raíces usadas"},
    {Phrase::kPageRootsLine, "$0 ($1 bundled, $2 local)",
     "$0 ($1 incluidas, $2 locales)"},
    {Phrase::kPagePinFile, "Pin file", "Archivo de pins"},
    {Phrase::kPageRequirements, "Requirements file", "Archivo de requisitos"},
    {Phrase::kPageProfile, "Profile", "Perfil"},
    {Phrase::kPageWeakenings, "Weakened by", "Debilitado por"},
    {Phrase::kPageVersion, "Tool", "Herramienta"},
    {Phrase::kPageFooter,
     "Names in certificates are chosen by whoever made them: what this page "
     "says of a product is evidence for people and never decides what is "
     "trusted.",
     "Los nombres en los certificados los elige quien los hizo: lo que esta "
     "página dice de un producto son indicios para personas y nunca decide en "
     "qué se confía."},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<size_t>(kRows[i].phrase) != i) {
      return false;
    }
  }
  return true;
}

static_assert(std::size(kRows) == kPhraseCount && InOrder(),
              "each phrase has one row, in the order of the enumeration");

}  // namespace

absl::string_view PhraseTemplate(Phrase phrase, pinning::Language language) {
  const Row& row = kRows[static_cast<size_t>(phrase)];
  return language == pinning::Language::kSpanish ? row.spanish : row.english;
}

}  // namespace tlspin
