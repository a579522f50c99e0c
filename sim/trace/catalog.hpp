// SPDX-License-Identifier: Apache-2.0
/// The catalog of public traces (traces/catalog.csv): where each one is, by which checksum it is
/// known, under which licence, and how to read it. One row per trace; docs/traces.md explains the
/// columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

struct CatalogRow {
    std::string id;      ///< "rf/mementos-2"
    std::string kind;    ///< "rf", "solar", "kinetic", ..., "generated"
    std::string origin;  ///< GitHub owner/name, or a text for people
    std::string commit;
    std::string path;        ///< inside the origin; for shipped files inside traces/
    std::string sha256;      ///< of the original file; empty = not recorded
    std::int64_t bytes = 0;  ///< size of the original file; 0 = not recorded
    std::string licence;
    std::string redistributable;  ///< yes | no | check
    std::string format;           ///< preset; may be one that ebb does not read yet
    std::string units;
    std::string sample_period_s;
    std::string duration_s;
    std::string mean;
    std::string mean_note;
    std::string citation;
    std::string mirror_name;  ///< file name in a mirror folder; empty = none
    std::string status;       ///< shipped | fetch | by hand

    /// https address of the original file; empty if it cannot be built.
    [[nodiscard]] std::string url() const;
};

class Catalog {
public:
    /// Throws InputError with every mistake of the file.
    static Catalog read(const std::string& path);

    [[nodiscard]] const std::vector<CatalogRow>& rows() const noexcept { return rows_; }
    [[nodiscard]] const CatalogRow* find(std::string_view id) const noexcept;
    [[nodiscard]] std::vector<std::string> ids() const;
    /// Kinds in the order in which they appear.
    [[nodiscard]] std::vector<std::string> kinds() const;

private:
    std::vector<CatalogRow> rows_;
};

}  // namespace ebb
