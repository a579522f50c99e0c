// SPDX-License-Identifier: Apache-2.0
#include "models/core/component.hpp"

#include <utility>

#include "models/core/error.hpp"

namespace ebb {

void Registry::insert(Component component, std::type_index interface) {
    const std::string kind = component.info.kind;
    const std::string name = component.info.name;
    const auto known = interfaces_.emplace(kind, interface).first;
    if (known->second != interface) {
        throw Defect("component " + kind + "." + name + " has another interface than its kind");
    }
    if (!kinds_[kind].emplace(name, std::move(component)).second) {
        throw Defect("component " + kind + "." + name + " is registered twice");
    }
}

std::vector<std::string> Registry::kinds() const {
    std::vector<std::string> names;
    for (const auto& kind : kinds_) {
        names.push_back(kind.first);
    }
    return names;
}

std::vector<const Component*> Registry::of(std::string_view kind) const {
    std::vector<const Component*> found;
    const auto it = kinds_.find(kind);
    if (it != kinds_.end()) {
        for (const auto& entry : it->second) {
            found.push_back(&entry.second);
        }
    }
    return found;
}

std::vector<std::string> Registry::names_of(std::string_view kind) const {
    std::vector<std::string> names;
    for (const Component* c : of(kind)) {
        names.push_back(c->info.name);
    }
    return names;
}

const Component* Registry::find(std::string_view kind, std::string_view name) const {
    const auto it = kinds_.find(kind);
    if (it == kinds_.end()) {
        return nullptr;
    }
    const auto found = it->second.find(name);
    return found == it->second.end() ? nullptr : &found->second;
}

}  // namespace ebb
