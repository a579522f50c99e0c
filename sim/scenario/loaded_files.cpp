// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/loaded_files.hpp"

#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "sim/trace/sha256.hpp"

namespace ebb {

const NamedFile& LoadedFiles::named(const std::string& name_or_path, const std::string& base_folder,
                                    const std::string& folder, const NamedFileKind& kind,
                                    const Place& where) {
    const Named key{name_or_path, base_folder, folder, kind.extension};
    const auto known = named_.find(key);
    if (known != named_.end()) {
        return known->second;
    }
    return named_.emplace(key, load_named_file(name_or_path, base_folder, folder, kind, where))
        .first->second;
}

const std::string& LoadedFiles::sha256(const std::string& text) {
    std::string& known = sha256_[text];
    if (known.empty()) {
        known = sha256_of(text);
    }
    return known;
}

std::optional<DocNode> LoadedFiles::document(SourceText::Role role, const std::string& name,
                                             const std::string& text, const std::string& label,
                                             MistakeList& mistakes) {
    const auto known = documents_.find(name);
    if (known != documents_.end() && known->second.role == role && known->second.label == label &&
        known->second.text == text) {
        return known->second.root;
    }
    const std::size_t before = mistakes.count();
    auto root = parse_document(make_source(role, name, text, label), mistakes);
    if (root && mistakes.count() == before) {
        documents_.insert_or_assign(name, Document{role, label, text, *root});
    }
    return root;
}

std::shared_ptr<const Network> LoadedFiles::network(const NamedFile& file) {
    std::shared_ptr<const Network>& known = networks_[file.path];
    if (!known) {
        known = std::make_shared<Network>(parse_network(file.text, file.name, file.path));
    }
    return known;
}

std::shared_ptr<const Platform> LoadedFiles::platform(const NamedFile& file) {
    std::shared_ptr<const Platform>& known = platforms_[file.path];
    if (!known) {
        known = std::make_shared<Platform>(parse_platform(file.text, file.name, file.path));
    }
    return known;
}

}  // namespace ebb
