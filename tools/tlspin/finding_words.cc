#include "tools/tlspin/finding_words.h"

#include <cstddef>
#include <iterator>

namespace tlspin {
namespace {

struct Row {
  FindingWords words;
  absl::string_view english;
  absl::string_view spanish;
};

// In the order of the enumeration, which the compiler holds below.
constexpr Row kRows[] = {
    {FindingWords::kPinMismatch, "no key of the path is one that \"$0\" pins",
     "ninguna clave de la ruta es una de las que fija «$0»"},
    {FindingWords::kKeyBlocked,
     "a key that \"$0\" blocks is on the path: \"$1\"",
     "en la ruta hay una clave que «$0» bloquea: «$1»"},
    {FindingWords::kExpiredRejects,
     "the pins of \"$0\" expired on $1: every connection is refused",
     "los pins de «$0» vencieron el $1: se rechaza toda conexión"},
    {FindingWords::kCertificateExpires,
     "the certificate \"$0\" (depth $1) expires on $2, in $3 days",
     "el certificado «$0» (profundidad $1) vence el $2, en $3 días"},
    {FindingWords::kCertificateExpiresToday,
     "the certificate \"$0\" (depth $1) expires on $2, in less than a day",
     "el certificado «$0» (profundidad $1) vence el $2, en menos de un día"},
    {FindingWords::kBackupServed,
     "the backup key \"$0\" is in what a server of \"$1\" showed, though it is "
     "not what matched",
     "la clave de respaldo «$0» está en lo que mostró un servidor de «$1», "
     "aunque no es la que coincidió"},
    {FindingWords::kBackupSeenBefore,
     "the backup key \"$0\" was in service on $1, as the state file says",
     "la clave de respaldo «$0» estaba en servicio el $1, según el archivo de "
     "estado"},
    {FindingWords::kBackupNotSeen,
     "no server of \"$1\" that was asked showed the backup key \"$0\"",
     "ningún servidor de «$1» al que se preguntó mostró la clave de respaldo "
     "«$0»"},
    {FindingWords::kBackupNotSeenInRuns,
     "no server of \"$1\" showed the backup key \"$0\": runs since $3: $2",
     "ningún servidor de «$1» mostró la clave de respaldo «$0»: ejecuciones "
     "desde el $3: $2"},
    {FindingWords::kKeyNotPinned,
     "\"$0\" pins keys in the role $1, and none of those served in it: $2",
     "«$0» fija claves en el papel $1, y ninguna de las servidas en él: $2"},
    {FindingWords::kRootPinned,
     "all that matches for \"$0\" is the root \"$1\", which has no name "
     "constraints: whatever it leads to is accepted",
     "lo único que coincide para «$0» es la raíz «$1», sin restricciones de "
     "nombres: se acepta todo lo que lleve a ella"},
    {FindingWords::kChainsDiverge,
     "the addresses or versions of TLS of this endpoint show different chains",
     "las direcciones o versiones de TLS de este extremo muestran cadenas "
     "distintas"},
    {FindingWords::kPatternNotAsked,
     "no host that was asked is looked up under the pattern $0",
     "ningún host al que se preguntó corresponde al patrón $0"},
    {FindingWords::kCoverageLow,
     "$0 of $1 patterns were reached, less than the $2 % asked for",
     "se alcanzaron $0 de $1 patrones, menos del $2 % pedido"},
    {FindingWords::kFileFindings, "findings on the pin file that fail: $0",
     "hallazgos sobre el archivo de pins que fallan: $0"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (static_cast<size_t>(kRows[i].words) != i) {
      return false;
    }
  }
  return true;
}

static_assert(std::size(kRows) == kFindingWordsCount && InOrder(),
              "each sentence has one row, in the order of the enumeration");

}  // namespace

absl::string_view FindingTemplate(FindingWords words,
                                  pinning::Language language) {
  const Row& row = kRows[static_cast<size_t>(words)];
  return language == pinning::Language::kSpanish ? row.spanish : row.english;
}

}  // namespace tlspin
