// SPDX-License-Identifier: Apache-2.0
/// What can be named in a scenario: components by kind, each with its parameter table and a
/// factory.
///
/// A component's .cpp ends with its one registration function; CMake collects these from the
/// ebb_component() lines into register_all(). Worked example: models/harvester/voltage_across.cpp.
///
///   void register_store_capacitor(Registry& registry) {
///       registry.add<StoreModel>({"store", "capacitor", "one capacitor with leak and ESR",
///       "notes"},
///                                kParams, [](const CapacitorParams& p) {
///                                    return std::make_shared<Capacitor>(p);
///                                });
///   }
///
/// Rules between several values of one component, or between a component and the rest of the
/// scenario, go into an optional fourth argument, so that they live in the component's own room:
///
///   [](const JitParams& p, CheckContext& context) {
///       if (!context.given("nvm")) {
///           context.mistake("policy", "checkpoint jit saves into non-volatile memory, but there is
///           no nvm");
///       }
///       const auto turn_off_v = context.number("mcu.turn_off");
///       if (turn_off_v && p.save_at_v <= *turn_off_v) {
///           context.mistake("save_at", "is not above mcu.turn_off (1.8 V)");
///       }
///   }
#pragma once

#include "models/core/param_table.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

namespace ebb {

/// What a component's own check may ask and say. Values that were wrong themselves are not there.
class CheckContext {
public:
    virtual ~CheckContext() = default;
    /// A number of the scenario in SI, by its path ("mcu.turn_off", "store.max"); defaults count.
    [[nodiscard]] virtual std::optional<double> number(std::string_view path) const = 0;
    /// Was this key or block given (by scenario, part, include or --set)?
    [[nodiscard]] virtual bool given(std::string_view path) const = 0;
    /// A mistake at a key of the component's own block ("save_at"; the tag if the whole is meant).
    /// The message is the whole sentence after the place, e.g. "checkpoint.save_at is ...".
    virtual void mistake(std::string_view key, std::string message, std::string hint = {}) = 0;
    /// Something worth saying that is no mistake.
    virtual void note(std::string message) = 0;
};

struct ComponentInfo {
    std::string kind;  ///< "harvester", "converter", "store", "regulator", "checkpoint", "schedule"
    std::string name;  ///< as in the scenario: "voltage_across"
    std::string summary;  ///< one line
    std::string notes;    ///< equations, what is not modelled, source; may be empty
};

struct Component {
    ComponentInfo info;
    std::shared_ptr<const Table> table;
    std::function<std::shared_ptr<void>()> make_params;
    /// From the params of make_params(), filled; the result points to the kind's interface.
    std::function<std::shared_ptr<const void>(const void*)> make;
    std::function<void(const void*, CheckContext&)> check;  ///< may be empty
};

class Registry {
public:
    /// Throws Defect if the name is taken or the kind has another interface.
    template <class Interface, class P, class Factory>
    void add(ComponentInfo info, const ParamTable<P>& table, Factory factory) {
        add<Interface>(std::move(info), table, std::move(factory), nullptr);
    }
    template <class Interface, class P, class Factory, class Check>
    void add(ComponentInfo info, const ParamTable<P>& table, Factory factory, Check check) {
        Component c;
        c.info = std::move(info);
        c.table = table.view();
        c.make_params = []() -> std::shared_ptr<void> { return std::make_shared<P>(); };
        c.make = [factory](const void* params) -> std::shared_ptr<const void> {
            return std::shared_ptr<const Interface>(factory(*static_cast<const P*>(params)));
        };
        if constexpr (!std::is_same_v<Check, std::nullptr_t>) {
            c.check = [check](const void* params, CheckContext& context) {
                check(*static_cast<const P*>(params), context);
            };
        }
        insert(std::move(c), std::type_index(typeid(Interface)));
    }

    /// Kinds in alphabetical order.
    [[nodiscard]] std::vector<std::string> kinds() const;
    /// Components of a kind in alphabetical order; empty for an unknown kind.
    [[nodiscard]] std::vector<const Component*> of(std::string_view kind) const;
    [[nodiscard]] std::vector<std::string> names_of(std::string_view kind) const;
    /// Null if there is none.
    [[nodiscard]] const Component* find(std::string_view kind, std::string_view name) const;

private:
    void insert(Component component, std::type_index interface);
    std::map<std::string, std::map<std::string, Component, std::less<>>, std::less<>> kinds_;
    std::map<std::string, std::type_index, std::less<>> interfaces_;
};

/// Everything ebb knows (generated by CMake).
void register_all(Registry& registry);

}  // namespace ebb
