// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/catalog.hpp"

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/sha256.hpp"
#include "sim/trace/text_lines.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <boost/tokenizer.hpp>

namespace ebb {
namespace {

struct Column {
    const char* name;
    std::string CatalogRow::*member;
};

// `bytes` is the only column that is no text; see read_row().
constexpr Column kColumns[] = {
    {"id", &CatalogRow::id},
    {"kind", &CatalogRow::kind},
    {"origin", &CatalogRow::origin},
    {"commit", &CatalogRow::commit},
    {"path", &CatalogRow::path},
    {"sha256", &CatalogRow::sha256},
    {"bytes", nullptr},
    {"licence", &CatalogRow::licence},
    {"redistributable", &CatalogRow::redistributable},
    {"format_preset", &CatalogRow::format},
    {"units", &CatalogRow::units},
    {"sample_period_s", &CatalogRow::sample_period_s},
    {"duration_s", &CatalogRow::duration_s},
    {"mean", &CatalogRow::mean},
    {"mean_note", &CatalogRow::mean_note},
    {"citation", &CatalogRow::citation},
    {"mirror_name", &CatalogRow::mirror_name},
    {"status", &CatalogRow::status},
};
constexpr std::size_t kColumnCount = std::size(kColumns);

std::string header() {
    std::vector<std::string> names;
    for (const Column& column : kColumns)
        names.emplace_back(column.name);
    return fmt::format("{}", fmt::join(names, ","));
}

/// Fields in quotes may hold commas; a quote inside them is written \\".
std::vector<std::string> fields_of(const std::string& line) {
    try {
        const boost::escaped_list_separator<char> separator('\\', ',', '"');
        const boost::tokenizer<boost::escaped_list_separator<char>> fields(line, separator);
        return {fields.begin(), fields.end()};
    } catch (const boost::escaped_list_error&) {
        return {};  // a lonely backslash: the count of fields says it
    }
}

bool hexadecimal(std::string_view text, std::size_t length) {
    return text.size() == length &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_row(const CatalogRow& row, const LinePlace& at, FileMistakes& mistakes) {
    if (row.id.empty() || row.id.find('/') == std::string::npos)
        mistakes.add(at, fmt::format("the id '{}' is not of the form kind/name", row.id));
    if (!row.sha256.empty() && !is_sha256(row.sha256))
        mistakes.add(at, fmt::format("the sha256 of {} is not 64 hexadecimal digits", row.id));
    if (!row.commit.empty() && !hexadecimal(row.commit, 40))
        mistakes.add(at, fmt::format("the commit of {} is not 40 hexadecimal digits", row.id));
    if (!row.sha256.empty() && row.bytes <= 0)
        mistakes.add(at, fmt::format("{} has a sha256 but no size", row.id));
    if (row.status != "shipped" && row.status != "fetch" && row.status != "by hand")
        mistakes.add(at, fmt::format("the status '{}' of {} is unknown", row.status, row.id),
                     "expected shipped, fetch or by hand");
    if (row.status == "fetch" && (row.sha256.empty() || row.url().empty()))
        mistakes.add(at,
                     fmt::format("{} cannot be fetched without sha256, origin and commit", row.id));
}

void read_row(const std::vector<std::string>& fields, const LinePlace& at, FileMistakes& mistakes,
              CatalogRow& row) {
    for (std::size_t i = 0; i < kColumnCount; ++i) {
        if (kColumns[i].member != nullptr) {
            row.*(kColumns[i].member) = fields[i];
            continue;
        }
        const char* const end = fields[i].data() + fields[i].size();
        if (!fields[i].empty() && std::from_chars(fields[i].data(), end, row.bytes).ptr != end)
            mistakes.add(at, fmt::format("bytes is not a whole number: '{}'", fields[i]));
    }
    check_row(row, at, mistakes);
}

/// RFC 3986: everything in a path but unreserved characters and slashes is escaped.
std::string escaped_path(std::string_view path) {
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

}  // namespace

std::string CatalogRow::url() const {
    const std::size_t slash = origin.find('/');
    const bool repository = slash != std::string::npos && slash > 0 && slash + 1 < origin.size() &&
                            origin.find_first_of(" :") == std::string::npos &&
                            origin.find('/', slash + 1) == std::string::npos;
    if (!repository || !hexadecimal(commit, 40) || path.empty())
        return {};
    return fmt::format("https://raw.githubusercontent.com/{}/{}/{}", origin, commit,
                       escaped_path(path));
}

Catalog Catalog::read(const std::string& path) {
    Place place;
    place.file = path;
    const std::string bytes = read_file(path, place);
    FileMistakes mistakes(path);
    Catalog catalog;
    TextLines lines(text_of(bytes, path));
    bool header_seen = false;
    std::set<std::string> ids;
    while (lines.next()) {
        const std::string line(lines.line());
        const LinePlace at{lines.number(), lines.line(), 0, 1};
        if (line.front() == '#')
            continue;
        if (!header_seen) {
            header_seen = true;
            if (line != header())
                mistakes.add(at, "this is not the header of a catalog", "expected " + header());
            mistakes.throw_if_any();
            continue;
        }
        const std::vector<std::string> fields = fields_of(line);
        if (fields.size() != kColumnCount) {
            mistakes.add(at, fmt::format("this row has {} fields, expected {}", fields.size(),
                                         kColumnCount));
            continue;
        }
        CatalogRow row;
        read_row(fields, at, mistakes, row);
        if (!ids.insert(row.id).second)
            mistakes.add(at, fmt::format("the id {} stands twice", row.id));
        catalog.rows_.push_back(std::move(row));
    }
    mistakes.throw_if_any();
    return catalog;
}

const CatalogRow* Catalog::find(std::string_view id) const noexcept {
    const auto found = std::find_if(rows_.begin(), rows_.end(),
                                    [id](const CatalogRow& row) { return row.id == id; });
    return found == rows_.end() ? nullptr : &*found;
}

std::vector<std::string> Catalog::ids() const {
    std::vector<std::string> ids;
    for (const CatalogRow& row : rows_)
        ids.push_back(row.id);
    return ids;
}

std::vector<std::string> Catalog::kinds() const {
    std::vector<std::string> kinds;
    for (const CatalogRow& row : rows_)
        if (std::find(kinds.begin(), kinds.end(), row.kind) == kinds.end())
            kinds.push_back(row.kind);
    return kinds;
}

}  // namespace ebb
