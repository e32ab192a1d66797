// What a pin store of many domains costs: to parse, compile, open, and look
// names up in. Each domain has a set of its own of two pins; half are pinned
// with their subdomains.
//
//   bazel run //tests/benchmarks:store_benchmark
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "pinning/mapped_file.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "simdjson.h"

namespace pinning {
namespace {

using Random = std::mt19937_64;
using Names = std::vector<ServerName>;

constexpr size_t kNames = 1 << 18;  // that are asked about, in one list

std::string PinText(Random& random) {
  std::string digest;
  for (int word = 0; word < 4; ++word) {
    const uint64_t bits = random();
    digest.append(reinterpret_cast<const char*>(&bits), sizeof(bits));
  }
  return absl::StrCat("sha256/", absl::Base64Escape(digest));
}

std::string DomainOf(size_t i) {
  return absl::StrCat("d", i, i % 2 == 0 ? ".com" : ".org");
}

std::string MakeJson(size_t domains) {
  Random random(1);
  std::string sets, hosts;
  for (size_t i = 0; i < domains; ++i) {
    const char* comma = i == 0 ? "" : ",";
    absl::StrAppend(&sets, comma, "\"", i,
                    "\":{\"mode\":\"enforce\",\"expires\":\"2027-01-01\",\"on-"
                    "expiry\":\"reject\","
                    "\"pins\":[{\"name\":\"a\",\"pin\":\"",
                    PinText(random), "\"}],\"backup-pins\":[{\"name\":\"b\",",
                    "\"pin\":\"", PinText(random), "\"}]}");
    absl::StrAppend(&hosts, comma, i % 2 == 0 ? "\"" : "\"**.", DomainOf(i),
                    "\":\"", i, "\"");
  }
  return absl::StrCat(
      "{\"schema\":\"pinning.pins/1\",\"updated\":\"2026-01-01T00:00:00Z\",",
      "\"sets\":{", sets, "},\"hosts\":{", hosts, "}}\n");
}

// A Stock is the pins of so many domains in every form, made once.
struct Stock {
  explicit Stock(size_t domains) : count(domains), json(MakeJson(domains)) {
    auto parsed = PinStore::FromJson(json);
    if (!parsed.ok()) {
      std::fprintf(stderr, "%s\n", parsed.status().ToString().c_str());
      std::abort();
    }
    compiled = *(*parsed)->Compile();
    char path[] = "/tmp/store_benchmark.XXXXXX";
    close(mkstemp(path));
    file = path;
    std::ofstream(file, std::ios::binary) << compiled;
    store = *OpenCompiledPins(file);
  }
  ~Stock() { unlink(file.c_str()); }

  size_t count;
  std::string json, compiled, file;
  std::shared_ptr<const PinStore> store;
};

const Stock& StockOf(size_t domains) {
  static std::map<size_t, Stock> stocks;
  return stocks.try_emplace(domains, domains).first->second;
}

enum class Ask { kExact, kSubdomain, kMiss, kZipf };

// NamesOf returns names to ask about, drawn at random.
Names NamesOf(size_t domains, Ask ask) {
  Random random(2);
  std::uniform_int_distribution<size_t> uniform(0, domains / 2 - 1);
  std::uniform_real_distribution<double> unit(0, 1);
  Names names;
  names.reserve(kNames);
  for (size_t i = 0; i < kNames; ++i) {
    size_t drawn = uniform(random) * 2;
    if (ask == Ask::kZipf) {  // of exponent 1, by the inverse of its integral
      drawn = static_cast<size_t>(
                  std::pow(static_cast<double>(domains / 2), unit(random))) -
              1;
      drawn *= 2;
    }
    std::string name = DomainOf(drawn);
    if (ask == Ask::kSubdomain) {
      name = absl::StrCat("www.", DomainOf(drawn + 1));
    } else if (ask == Ask::kMiss) {
      name = absl::StrCat("www.m", drawn, ".net");
    }
    names.push_back(*ServerName::FromString(name));
  }
  return names;
}

void BM_Find(benchmark::State& state, Ask ask) {
  const auto domains = static_cast<size_t>(state.range(0));
  const PinStore& store = *StockOf(domains).store;
  const Names names = NamesOf(domains, ask);
  size_t i = 0, found = 0;
  for (auto _ : state) {
    const auto entry = store.Find(names[i++ % kNames]);
    found += entry.ok() && entry->has_value();
  }
  if (found != (ask == Ask::kMiss ? 0 : i)) {
    state.SkipWithError("what was found is not what is there");
  }
}

// BM_FindSixteen is the time of one name of sixteen that are asked about at
// once.
void BM_FindSixteen(benchmark::State& state) {
  const auto domains = static_cast<size_t>(state.range(0));
  const PinStore& store = *StockOf(domains).store;
  const Names names = NamesOf(domains, Ask::kExact);
  size_t i = 0;
  while (state.KeepRunningBatch(16)) {
    benchmark::DoNotOptimize(
        store.FindMany(absl::MakeConstSpan(names).subspan(i, 16)));
    i = (i + 16) % kNames;
  }
}

// BM_Load follows pointers through as many bytes as the compiled store has: one
// load that waits for the one before.
void BM_Load(benchmark::State& state) {
  const auto domains = static_cast<size_t>(state.range(0));
  constexpr size_t kLine = 64 / sizeof(size_t);
  const size_t lines = StockOf(domains).compiled.size() / 64;
  std::vector<size_t> order(lines);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), Random(3));
  std::vector<size_t> memory(lines * kLine);
  for (size_t i = 0; i < lines; ++i) {
    memory[order[i] * kLine] = order[(i + 1) % lines] * kLine;
  }
  size_t at = 0;
  for (auto _ : state) {
    at = memory[at];
    benchmark::DoNotOptimize(at);
  }
}

void BM_OpenAndFind(benchmark::State& state) {
  const auto domains = static_cast<size_t>(state.range(0));
  const Stock& stock = StockOf(domains);
  const ServerName name = *ServerName::FromString(DomainOf(domains / 2));
  for (auto _ : state) {
    const auto store = OpenCompiledPins(stock.file);
    benchmark::DoNotOptimize((*store)->Find(name));
  }
  state.counters["bytes"] =
      static_cast<double>(stock.compiled.size()) / static_cast<double>(domains);
}

void BM_ParseAndCompile(benchmark::State& state) {
  const Stock& stock = StockOf(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize((*PinStore::FromJson(stock.json))->Compile());
  }
}

// BM_SimdJson parses the same text to simdjson's tree, and does nothing with
// it.
void BM_SimdJson(benchmark::State& state) {
  const Stock& stock = StockOf(static_cast<size_t>(state.range(0)));
  const simdjson::padded_string text(stock.json);
  for (auto _ : state) {
    simdjson::dom::parser parser;
    benchmark::DoNotOptimize(parser.parse(text).error());
  }
}

void Register(int64_t domains) {
  const auto add = [&](const char* name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(absl::StrCat("store-", name).c_str(), function,
                                 arguments...)
        ->Arg(domains);
  };
  add("exact", BM_Find, Ask::kExact);
  add("subdomain", BM_Find, Ask::kSubdomain);
  add("miss", BM_Find, Ask::kMiss);
  add("zipf", BM_Find, Ask::kZipf);
  add("sixteen", BM_FindSixteen);
  add("load", BM_Load);
  add("open", BM_OpenAndFind);
  add("compile", BM_ParseAndCompile);
  add("simdjson", BM_SimdJson);
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  for (const int64_t domains : {1'000, 100'000, 1'000'000}) {
    pinning::Register(domains);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
