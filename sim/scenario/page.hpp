// SPDX-License-Identifier: Apache-2.0
/// A page of reference: paragraphs and tables, written once and shown as text for people, as JSON
/// for programs, or as Markdown for the docs.
#pragma once

#include <string>
#include <vector>

namespace ebb {

struct PageTable {
    std::string heading;
    std::vector<std::string> header;             ///< keys of the JSON objects too
    std::vector<std::vector<std::string>> rows;  ///< as many cells as the header
    /// The last column is a sentence: as text it goes below its row.
    bool sentence_last = false;
};

struct Page {
    std::string title;
    std::vector<std::string> paragraphs;
    std::vector<PageTable> tables;
};

[[nodiscard]] std::string page_as_text(const Page& page);
[[nodiscard]] std::string page_as_json(const Page& page);
/// `level`: how many '#' the title has.
[[nodiscard]] std::string page_as_markdown(const Page& page, int level);

}  // namespace ebb
