// SPDX-License-Identifier: Apache-2.0
/// Parameter tables: one declaration per parameter, from which reader, `ebb describe`, the JSON
/// Schema, `ebb new`, the docs and the error messages all come.
///
///   const ParamTable<Leakage> kLeakage = {
///       param("resistance", &Leakage::resistance_ohm, unit::ohm, optional, range(1, 1e15), "..."),
///       param("current", &Leakage::current_a, unit::ampere, optional, range(0, 1), "..."),
///   };
///   const ParamTable<Params> kParams = {
///       param("capacitance", &Params::capacitance_f, unit::farad, required, above(0), "..."),
///       param("esr", &Params::esr_ohm, unit::ohm, 0.0, at_least(0), "..."),   // with a default
///       block("leakage", &Params::leakage, kLeakage, optional, "..."),
///   };
///
/// A row binds a member of the Params struct. Rows are values (a quantity with a unit, a number, an
/// integer, true/false, a text, one of several names), blocks (a table of their own), lists of
/// blocks, maps of text to text, or choices (a component picked by its tag, see component.hpp).
/// Behind the typed builders every row is one plain `Row` of a `Table`: walk `table.view()->rows`.
///
/// There is no YAML and no I/O here. Values are in SI.
#pragma once

#include "models/core/quantity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ebb {

// ---- presence -----------------------------------------------------------------------------------
struct Required {};
struct Optional {};
inline constexpr Required required{};
inline constexpr Optional optional{};
enum class Presence : unsigned char { must, may, defaulted };

// ---- ranges -------------------------------------------------------------------------------------
struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;
    bool high_open = false;
    [[nodiscard]] bool contains(double x) const noexcept;
    /// "0 V .. 5 V", "above 0 s, at most 60 s", "at least 1"; empty if everything is allowed.
    [[nodiscard]] std::string text(Dimension d) const;
};
inline Range range(double low, double high) { return {low, high, false, false}; }
inline Range at_least(double low) {
    return {low, std::numeric_limits<double>::infinity(), false, false};
}
inline Range above(double low) {
    return {low, std::numeric_limits<double>::infinity(), true, false};
}
inline Range above_up_to(double low, double high) { return {low, high, true, false}; }
inline Range any_value() { return {}; }

// ---- the type-erased view -----------------------------------------------------------------------
/// A value as it was read: quantity or number in SI, integer, truth value, text or name.
using Value = std::variant<double, std::int64_t, bool, std::string>;

enum class RowKind : unsigned char {
    quantity,  ///< `dimension`, `range`; Dimension::number and ::ratio for plain numbers
    integer,   ///< `range`
    boolean,
    text,
    file,   ///< a path, relative to the file that names it
    name,   ///< one of `names`
    block,  ///< a mapping with `table`
    list,   ///< a sequence of mappings with `table`, `least` .. `most` entries
    map,    ///< a mapping of free keys to texts
    choice  ///< a component of `component_kind`, picked by the key `tag`
};

struct Table;

struct Row {
    std::string key;
    RowKind kind = RowKind::text;
    Presence presence = Presence::must;
    std::string text;               ///< one line for people
    std::optional<Value> fallback;  ///< the default (Presence::defaulted)

    Dimension dimension = Dimension::number;
    Range range;
    bool dbm = false;        ///< a power may be given in dBm
    bool unlimited = false;  ///< the word `unlimited` means infinity

    std::vector<std::string> names;  ///< name: the words that are valid
    /// block, list: the entries' table. A text or name row may have one too: then a mapping may be
    /// given in place of the word (`arrival: back_to_back` or `arrival: {every: 1 s}`).
    std::shared_ptr<const Table> table;
    std::size_t least = 0;
    std::size_t most = std::numeric_limits<std::size_t>::max();
    std::string component_kind;  ///< choice: kind in the registry ("store")
    std::string tag;             ///< choice: the key that picks ("type", "policy")
    std::string default_choice;  ///< choice: component used when the block is left out
    /// block, choice: `part:` may name a data sheet of this kind ("mcu", "nvm", "converter"). Of a
    /// choice it brings the tag as well.
    std::string part_kind;
    bool whole = false;  ///< block: given, it replaces that of the part or include as a whole

    // Bindings; the first argument is the Params struct that holds the member.
    std::function<void(void*, const Value&)> set;  ///< value rows
    std::function<void*(void*)> open;              ///< block: makes it present; list: appends
    std::function<void(void*, std::shared_ptr<const void>)> put;              ///< choice
    std::function<void(void*, const std::string&, const std::string&)> pair;  ///< map
};

struct Table {
    std::vector<Row> rows;
    [[nodiscard]] const Row* find(std::string_view key) const noexcept;
    [[nodiscard]] std::vector<std::string> keys() const;
};

/// The default of a row as YAML text ("0 Ohm", "hold", "1"); empty if it has none.
[[nodiscard]] std::string default_text(const Row& row);
/// A value of a row as YAML text, with its unit.
[[nodiscard]] std::string value_text(const Row& row, const Value& value);

// ---- the typed builders -------------------------------------------------------------------------
/// A row that binds a member of P; made by param(), block(), list(), map_of() and choice().
template <class P>
struct RowOf {
    Row row;
    RowOf allow_dbm() && {
        row.dbm = true;
        return std::move(*this);
    }
    RowOf allow_unlimited() && {
        row.unlimited = true;
        return std::move(*this);
    }
    RowOf file() && {
        row.kind = RowKind::file;
        return std::move(*this);
    }
    /// The block may name a data sheet by `part:`.
    RowOf with_parts(std::string kind) && {
        row.part_kind = std::move(kind);
        return std::move(*this);
    }
    /// The keys are alternatives: a given block replaces one from a part or include, key by key
    /// never.
    RowOf replaced_whole() && {
        row.whole = true;
        return std::move(*this);
    }
    /// Left out, the choice is this component with its defaults.
    RowOf by_default(std::string name) && {
        row.default_choice = std::move(name);
        row.presence = Presence::defaulted;
        return std::move(*this);
    }
};

template <class P>
class ParamTable {
public:
    ParamTable(std::initializer_list<RowOf<P>> rows) {
        auto table = std::make_shared<Table>();
        for (const RowOf<P>& r : rows) {
            table->rows.push_back(r.row);
        }
        view_ = std::move(table);
    }
    /// The rows of another table of the same block, and more.
    ParamTable(const ParamTable& base, std::initializer_list<RowOf<P>> more) {
        auto table = std::make_shared<Table>(*base.view_);
        for (const RowOf<P>& r : more) {
            table->rows.push_back(r.row);
        }
        view_ = std::move(table);
    }
    [[nodiscard]] const std::shared_ptr<const Table>& view() const noexcept { return view_; }

private:
    std::shared_ptr<const Table> view_;
};

/// A component without parameters.
struct NoParams {};

template <class E>
using Names = std::vector<std::pair<std::string, E>>;

namespace detail {

template <class T>
struct Plain {
    using type = T;
};
template <class T>
struct Plain<std::optional<T>> {
    using type = T;
};

template <class P, class M>
RowOf<P> value_row(std::string key, RowKind kind, M P::*member, std::string text) {
    using T = typename Plain<M>::type;
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = kind;
    r.row.text = std::move(text);
    r.row.set = [member](void* p, const Value& v) { static_cast<P*>(p)->*member = std::get<T>(v); };
    return r;
}
inline void presence(Row& row, Required) { row.presence = Presence::must; }
inline void presence(Row& row, Optional) { row.presence = Presence::may; }
template <class T>
void presence(Row& row, const T& fallback) {
    row.presence = Presence::defaulted;
    row.fallback = Value(fallback);
}

}  // namespace detail

/// A quantity or number. `presence` is required, optional, or the default in SI.
template <class P, class M, class Q>
RowOf<P> param(std::string key, M P::*member, Dimension d, Q presence, Range allowed,
               std::string text) {
    static_assert(std::is_same_v<typename detail::Plain<M>::type, double>,
                  "quantities are doubles");
    auto r = detail::value_row(std::move(key), RowKind::quantity, member, std::move(text));
    r.row.dimension = d;
    r.row.range = allowed;
    if constexpr (std::is_arithmetic_v<Q>) {
        detail::presence(r.row, static_cast<double>(presence));
    } else {
        detail::presence(r.row, presence);
    }
    return r;
}

/// A whole number.
template <class P, class M, class Q>
RowOf<P> param(std::string key, M P::*member, Q presence, Range allowed, std::string text) {
    static_assert(std::is_same_v<typename detail::Plain<M>::type, std::int64_t>,
                  "integers are int64");
    auto r = detail::value_row(std::move(key), RowKind::integer, member, std::move(text));
    r.row.range = allowed;
    if constexpr (std::is_arithmetic_v<Q>) {
        detail::presence(r.row, static_cast<std::int64_t>(presence));
    } else {
        detail::presence(r.row, presence);
    }
    return r;
}

/// A text (std::string) or a truth value (bool).
template <class P, class M, class Q>
RowOf<P> param(std::string key, M P::*member, Q presence, std::string text) {
    using T = typename detail::Plain<M>::type;
    static_assert(std::is_same_v<T, bool> || std::is_same_v<T, std::string>, "text or bool");
    constexpr RowKind kKind = std::is_same_v<T, bool> ? RowKind::boolean : RowKind::text;
    auto r = detail::value_row(std::move(key), kKind, member, std::move(text));
    if constexpr (std::is_same_v<Q, Required> || std::is_same_v<Q, Optional>) {
        detail::presence(r.row, presence);
    } else {
        detail::presence(r.row, T(presence));
    }
    return r;
}

/// One of several names. `presence` is required, optional, or the default's enumerator.
template <class P, class M, class E, class Q>
RowOf<P> param(std::string key, M P::*member, const Names<E>& names, Q presence, std::string text) {
    static_assert(std::is_same_v<typename detail::Plain<M>::type, E>,
                  "the names' type is the member's");
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = RowKind::name;
    r.row.text = std::move(text);
    for (const auto& n : names) {
        r.row.names.push_back(n.first);
    }
    if constexpr (std::is_same_v<Q, Required> || std::is_same_v<Q, Optional>) {
        detail::presence(r.row, presence);
    } else {
        for (const auto& n : names) {
            if (n.second == presence) {
                detail::presence(r.row, n.first);
            }
        }
    }
    r.row.set = [member, names](void* p, const Value& v) {
        for (const auto& n : names) {
            if (n.first == std::get<std::string>(v)) {
                static_cast<P*>(p)->*member = n.second;
            }
        }
    };
    return r;
}

namespace detail {
template <class P, class M>
std::function<void*(void*)> opener(M P::*member) {
    return [member](void* p) -> void* {
        auto& m = static_cast<P*>(p)->*member;
        if constexpr (!std::is_same_v<typename Plain<M>::type, M>) {
            if (!m) {
                m.emplace();
            }
            return &*m;
        } else {
            return &m;
        }
    };
}
}  // namespace detail

/// A nested mapping. The member is a struct, or an optional of one for a block that may be absent.
template <class P, class M, class Q>
RowOf<P> block(std::string key, M P::*member,
               const ParamTable<typename detail::Plain<M>::type>& table, Q presence,
               std::string text) {
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = RowKind::block;
    r.row.text = std::move(text);
    r.row.table = table.view();
    detail::presence(r.row, presence);
    r.row.open = detail::opener(member);
    return r;
}

/// A word, or a mapping with its own table in another member.
template <class P, class M>
RowOf<P> or_block(RowOf<P> word, M P::*member,
                  const ParamTable<typename detail::Plain<M>::type>& table) {
    word.row.table = table.view();
    word.row.open = detail::opener(member);
    return word;
}

/// A sequence of mappings, each with the same table.
template <class P, class T, class Q>
RowOf<P> list(std::string key, std::vector<T> P::*member, const ParamTable<T>& table, Q presence,
              std::size_t least, std::size_t most, std::string text) {
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = RowKind::list;
    r.row.text = std::move(text);
    r.row.table = table.view();
    r.row.least = least;
    r.row.most = most;
    detail::presence(r.row, presence);
    r.row.open = [member](void* p) -> void* {
        auto& m = static_cast<P*>(p)->*member;
        m.emplace_back();
        return &m.back();
    };
    return r;
}

/// A mapping of free keys to texts, in the order of the file.
template <class P>
RowOf<P> map_of(std::string key, std::vector<std::pair<std::string, std::string>> P::*member,
                std::string text) {
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = RowKind::map;
    r.row.presence = Presence::may;
    r.row.text = std::move(text);
    r.row.pair = [member](void* p, const std::string& k, const std::string& v) {
        (static_cast<P*>(p)->*member).emplace_back(k, v);
    };
    return r;
}

/// A component of a kind, picked by `tag`; the rest of the mapping is the component's own table.
template <class P, class Interface, class Q>
RowOf<P> choice(std::string key, std::shared_ptr<const Interface> P::*member, std::string kind,
                std::string tag, Q presence, std::string text) {
    RowOf<P> r;
    r.row.key = std::move(key);
    r.row.kind = RowKind::choice;
    r.row.text = std::move(text);
    r.row.component_kind = std::move(kind);
    r.row.tag = std::move(tag);
    detail::presence(r.row, presence);
    r.row.put = [member](void* p, std::shared_ptr<const void> made) {
        static_cast<P*>(p)->*member = std::static_pointer_cast<const Interface>(std::move(made));
    };
    return r;
}

}  // namespace ebb
