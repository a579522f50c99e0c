// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/network_reader.hpp"

#include "models/workload/network_check.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/network_columns.hpp"
#include "sim/scenario/network_table.hpp"

namespace ebb {

namespace {}  // namespace

Network parse_network(std::string_view text, const std::string& name, const std::string& file) {
    NetworkTable table(text, file);
    Network network;
    network.name = name;
    network.file = file;
    network.source = table.comments();
    std::vector<NetworkTable::Line> lines;
    if (table.read_header(is_network_column, required_network_columns(), network_columns())) {
        check_network_header(table);
    }
    if (table.is_fine()) {
        lines = table.rows();
        for (const auto& line : lines) {
            network.layers.push_back(read_layer(table, line));
        }
    }
    if (table.is_fine()) {
        for (const auto& fault : check_network(network)) {
            const auto& line = lines[fault.layer];
            table.mistake(line, fault.column, fault.message, fault.hint);
        }
    }
    if (!table.is_fine()) {
        throw InputError(table.take_mistakes());
    }
    return network;
}

std::shared_ptr<const Network> read_network(const std::string& name_or_path,
                                            const std::string& base_folder,
                                            const std::string& networks_folder,
                                            const Place& where) {
    const NamedFile file =
        load_named_file(name_or_path, base_folder, networks_folder, kNetworkFile, where);
    return std::make_shared<Network>(parse_network(file.text, file.name, file.path));
}

std::vector<std::string> network_names(const std::string& networks_folder) {
    return names_in(networks_folder, kNetworkFile);
}

}  // namespace ebb
