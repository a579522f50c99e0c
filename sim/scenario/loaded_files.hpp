// SPDX-License-Identifier: Apache-2.0
/// What readings of scenarios have read, each thing once: recordings, data files and documents.
/// Within one reading always; over several for a command that reads the same scenario again and
/// again with other keys and shares one of these (ReadOptions::loaded). Data files and recordings
/// are taken not to change meanwhile; documents are known by their text. What has mistakes is read,
/// and told, each time. One thread at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/trace/loaded_traces.hpp"

namespace ebb {

class LoadedFiles {
public:
    [[nodiscard]] LoadedTraces& traces() noexcept { return traces_; }

    /// As load_named_file().
    [[nodiscard]] const NamedFile& named(const std::string& name_or_path,
                                         const std::string& base_folder, const std::string& folder,
                                         const NamedFileKind& kind, const Place& where);
    /// SHA-256 of a text, in hexadecimal.
    [[nodiscard]] const std::string& sha256(const std::string& text);

    /// As make_source() and parse_document(): nothing if no tree could be made.
    [[nodiscard]] std::optional<DocNode> document(SourceText::Role role, const std::string& name,
                                                  const std::string& text, const std::string& label,
                                                  MistakeList& mistakes);

    /// As parse_network() and parse_platform() of a file that named() gave.
    [[nodiscard]] std::shared_ptr<const Network> network(const NamedFile& file);
    [[nodiscard]] std::shared_ptr<const Platform> platform(const NamedFile& file);

private:
    struct Document {
        SourceText::Role role;
        std::string label;
        std::string text;
        DocNode root;
    };
    using Named = std::tuple<std::string, std::string, std::string, std::string>;

    LoadedTraces traces_;
    std::map<Named, NamedFile> named_;
    std::map<std::string, std::string> sha256_;
    std::map<std::string, Document> documents_;
    std::map<std::string, std::shared_ptr<const Network>> networks_;
    std::map<std::string, std::shared_ptr<const Platform>> platforms_;
};

}  // namespace ebb
