// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/series_file.hpp"

#include "sim/trace/open_file.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

constexpr char kMagic[8] = {'E', 'B', 'B', 'S', 'E', 'R', 'I', '\n'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kByteOrder = 0x0102030405060708;
constexpr std::size_t kWindow = 1U << 20U;  // bytes read at a time for the checksum

struct Header {
    char magic[8];
    std::uint32_t version;
    std::uint32_t header_bytes;
    std::uint64_t byte_order;
    char key[64];
    char format[32];
    std::uint32_t quantity;
    std::uint32_t interpolation;
    std::uint64_t values;
    std::uint64_t bounds;
    std::int64_t first_ns;
    std::int64_t step_ns;  ///< 0: the bounds are stored
    std::uint64_t nodes;
    std::int64_t exponent;  ///< of the index; 0: there is none
    SeriesRange range;
    std::uint64_t note_bytes;
    std::uint64_t file_bytes;
    std::uint64_t content_sum[2];
    std::uint64_t header_sum[2];  ///< of all that stands before it
};
static_assert(std::is_trivially_copyable_v<Header> && sizeof(Header) % 8 == 0);
static_assert(sizeof(SeriesNode) == SeriesNode::kMoments * sizeof(double));

/// Fletcher's checksum over 64-bit words: sees each change of a block, and costs less than reading.
void add_words(std::uint64_t (&sum)[2], const void* bytes, std::size_t count) {
    const char* at = static_cast<const char*>(bytes);
    std::uint64_t a = sum[0];
    std::uint64_t b = sum[1];
    for (; count >= 8; at += 8, count -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        a += word;
        b += a;
    }
    if (count > 0) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, count);
        a += word;
        b += a;
    }
    sum[0] = a;
    sum[1] = b;
}

void seal(Header& header) {
    header.header_sum[0] = header.header_sum[1] = 0;
    std::uint64_t sum[2] = {1, 0};
    add_words(sum, &header, offsetof(Header, header_sum));
    header.header_sum[0] = sum[0];
    header.header_sum[1] = sum[1];
}

std::uint64_t padded(std::uint64_t bytes) { return (bytes + 7) / 8 * 8; }

struct Layout {
    std::uint64_t values, bounds, nodes, notes, end;
};

Layout layout_of(const Header& h) {
    Layout at{};
    at.values = sizeof(Header);
    at.bounds = at.values + h.values * sizeof(double);
    at.nodes = at.bounds + (h.step_ns == 0 ? h.bounds * sizeof(std::int64_t) : 0);
    at.notes = at.nodes + h.nodes * sizeof(SeriesNode);
    at.end = at.notes + padded(h.note_bytes);
    return at;
}

/// What a walk has passed leaves the process's memory; all processes share the kernel's copy.
class MappedFile final : public SampleKeeper {
public:
    MappedFile(int file, std::size_t bytes) : pages_(file, bytes) {}

    [[nodiscard]] bool good() const noexcept { return pages_.good(); }
    [[nodiscard]] const char* at(std::uint64_t offset) const noexcept { return pages_.at(offset); }
    void set_layout(const Layout& layout) noexcept { layout_ = layout; }

    void passed(std::size_t index) const noexcept override {
        const std::size_t before = passed_.exchange(index, std::memory_order_relaxed);
        // Back at the begin, as in a looped trace: everything lies behind.
        const std::size_t from = index >= before ? before : 0;
        const std::size_t to = index >= before ? index : pages_.bytes();
        drop(layout_.values + from * sizeof(double), layout_.values + to * sizeof(double),
             layout_.bounds);
        drop(layout_.bounds + from * sizeof(std::int64_t), layout_.bounds + to * 8, layout_.nodes);
        const std::size_t per_node = SeriesNode::kSamples;
        drop(layout_.nodes + from / per_node * sizeof(SeriesNode),
             layout_.nodes + to / per_node * sizeof(SeriesNode), layout_.notes);
    }

private:
    /// `most` ends the section.
    void drop(std::uint64_t from, std::uint64_t to, std::uint64_t most) const noexcept {
        pages_.drop(from, std::min(to, most));
    }

    MappedPages pages_;
    Layout layout_{};
    mutable std::atomic<std::size_t> passed_{0};
};

/// The header, if it is one of this key and this version, and the file is as long as it says.
bool read_header(int file, const std::string& key, Header& header) {
    struct stat status {};
    if (::fstat(file, &status) != 0 || !read_all(file, &header, sizeof header, 0)) {
        return false;
    }
    Header sealed = header;
    seal(sealed);
    constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;  // keeps the sums below from wrapping
    return std::memcmp(header.magic, kMagic, sizeof kMagic) == 0 && header.version == kVersion &&
           header.header_bytes == sizeof(Header) && header.byte_order == kByteOrder &&
           std::memcmp(sealed.header_sum, header.header_sum, sizeof sealed.header_sum) == 0 &&
           key.compare(0, std::string::npos, header.key, sizeof header.key) == 0 &&
           header.values < kMost && header.bounds < kMost && header.nodes < kMost &&
           header.note_bytes < kMost && layout_of(header).end == header.file_bytes &&
           static_cast<std::uint64_t>(status.st_size) == header.file_bytes;
}

/// Reads the content by windows; mapped pages would all stay in memory meanwhile.
bool content_is_sound(int file, const Header& header) {
    std::vector<char> window(kWindow);
    std::uint64_t sum[2] = {0, 0};
    for (std::uint64_t at = sizeof(Header); at < header.file_bytes;) {
        const auto n =
            static_cast<std::size_t>(std::min<std::uint64_t>(kWindow, header.file_bytes - at));
        if (!read_all(file, window.data(), n, at)) {
            return false;
        }
        add_words(sum, window.data(), n);
        at += n;
    }
    return std::memcmp(sum, header.content_sum, sizeof sum) == 0;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

}  // namespace

std::string series_path(const std::string& folder, const std::string& key) {
    return (fs::path(folder) / (key + ".ebbseries")).string();
}

SeriesFileWriter::SeriesFileWriter(const std::string& folder, const std::string& key)
    : target_(series_path(folder, key)), key_(key) {
    std::error_code code;
    fs::create_directories(folder, code);
    name_ = target_ + ".part-XXXXXX";
    const int file = ::mkstemp(name_.data());
    if (file < 0) {
        return;
    }
    // Others may read what this user has converted.
    ::fchmod(file, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    file_ = ::fdopen(file, "wb");
    std::string nodes = target_ + ".part-XXXXXX";
    const int node_file = ::mkstemp(nodes.data());
    if (node_file >= 0) {
        ::unlink(nodes.c_str());
        node_file_ = ::fdopen(node_file, "w+b");
    }
    const Header empty{};
    put(file_, &empty, sizeof empty);
}

SeriesFileWriter::~SeriesFileWriter() {
    if (file_ != nullptr) {
        std::fclose(file_);
        ::unlink(name_.c_str());
    }
    if (node_file_ != nullptr) {
        std::fclose(node_file_);
    }
}

void SeriesFileWriter::put(std::FILE* file, const void* bytes, std::size_t count) {
    if (count > 0 && (failed_ || file == nullptr || std::fwrite(bytes, 1, count, file) != count)) {
        failed_ = true;
    }
}

void SeriesFileWriter::put_summed(const void* bytes, std::size_t count) {
    add_words(sum_, bytes, count);
    put(file_, bytes, count);
}

void SeriesFileWriter::flush_nodes() {
    put(node_file_, waiting_.data(), waiting_.size() * sizeof(SeriesNode));
    nodes_ += waiting_.size();
    waiting_.clear();
}

void SeriesFileWriter::add(const double* values, std::size_t count) {
    put_summed(values, count * sizeof(double));
    values_ += count;
    if (index_) {
        index_->add(values, count, waiting_);
        if (waiting_.size() >= 4096) {
            flush_nodes();
        }
    }
}

void SeriesFileWriter::add(const Samples& values) {
    keeper_ = values.keeper();
    for (std::size_t done = 0; done < values.size();) {
        const std::size_t n = std::min(kWindow / sizeof(double), values.size() - done);
        add(values.data() + done, n);
        done += n;
        if (keeper_ != nullptr) {
            keeper_->passed(done);
        }
    }
}

bool SeriesFileWriter::finish(Quantity quantity, Interpolation interpolation, const Bounds& bounds,
                              const std::string& format, const std::vector<std::string>& notes) {
    Header header{};
    std::copy(std::begin(kMagic), std::end(kMagic), header.magic);
    header.version = kVersion;
    header.header_bytes = sizeof(Header);
    header.byte_order = kByteOrder;
    key_.copy(header.key, sizeof header.key);
    format.copy(header.format, sizeof header.format - 1);
    header.quantity = static_cast<std::uint32_t>(quantity);
    header.interpolation = static_cast<std::uint32_t>(interpolation);
    header.values = values_;
    header.bounds = bounds.size();
    header.first_ns = bounds.front();
    header.step_ns = bounds.step();
    if (const std::int64_t* const stored = bounds.stored()) {
        for (std::size_t done = 0; done < bounds.size();) {
            const std::size_t n = std::min(kWindow / 8, bounds.size() - done);
            put_summed(stored + done, n * sizeof(std::int64_t));
            done += n;
            if (keeper_ != nullptr) {
                keeper_->passed(done);
            }
        }
    } else if (header.step_ns == 0) {
        const std::int64_t only = bounds.front();
        put_summed(&only, sizeof only);
    }
    if (index_) {
        flush_nodes();
        header.exponent = index_->exponent();
        header.range = index_->range();
        header.nodes = nodes_;
        failed_ = failed_ || std::fflush(node_file_) != 0;
        if (!failed_) {
            std::rewind(node_file_);
        }
        std::vector<SeriesNode> block(4096);
        for (std::uint64_t done = 0; done < nodes_ && !failed_;) {
            const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(4096, nodes_ - done));
            failed_ = std::fread(block.data(), sizeof(SeriesNode), n, node_file_) != n;
            put_summed(block.data(), n * sizeof(SeriesNode));
            done += n;
        }
    }
    std::string text;
    for (const std::string& note : notes) {
        text += note + "\n";
    }
    header.note_bytes = text.size();
    text.resize(padded(text.size()), '\0');
    put_summed(text.data(), text.size());
    header.file_bytes = layout_of(header).end;
    header.content_sum[0] = sum_[0];
    header.content_sum[1] = sum_[1];
    seal(header);
    failed_ = failed_ || std::fseek(file_, 0, SEEK_SET) != 0;
    put(file_, &header, sizeof header);
    failed_ = failed_ || file_ == nullptr || std::fflush(file_) != 0 ||
              std::rename(name_.c_str(), target_.c_str()) != 0;
    if (file_ != nullptr) {
        std::fclose(file_);
        file_ = nullptr;
        if (failed_) {
            ::unlink(name_.c_str());
        }
    }
    return !failed_;
}

std::optional<SeriesFromFile> map_series(const std::string& folder, const std::string& key) {
    const Descriptor file(::open(series_path(folder, key).c_str(), O_RDONLY | O_CLOEXEC));
    Header header{};
    if (file.get() < 0 || !read_header(file.get(), key, header) ||
        !content_is_sound(file.get(), header)) {
        return std::nullopt;
    }
    auto mapped = std::make_shared<MappedFile>(file.get(), header.file_bytes);
    if (!mapped->good()) {
        return std::nullopt;
    }
    const Layout at = layout_of(header);
    mapped->set_layout(at);
    SeriesFromFile read;
    read.format = header.format;
    read.notes = lines_of({mapped->at(at.notes), header.note_bytes});
    Series& series = read.series;
    series.quantity = static_cast<Quantity>(header.quantity);
    series.interpolation = static_cast<Interpolation>(header.interpolation);
    const auto* const values = reinterpret_cast<const double*>(mapped->at(at.values));
    const auto* const bounds = reinterpret_cast<const std::int64_t*>(mapped->at(at.bounds));
    series.value = Samples::borrowed(mapped, values, header.values);
    series.bound_ns = header.step_ns != 0
                          ? Bounds::even(header.first_ns, header.step_ns, header.bounds)
                          : Bounds::borrowed(mapped, bounds, header.bounds);
    if (header.exponent != 0) {
        auto index = std::make_shared<SeriesIndex>();
        index->exponent = static_cast<int>(header.exponent);
        index->range = header.range;
        index->nodes = reinterpret_cast<const SeriesNode*>(mapped->at(at.nodes));
        index->count = header.nodes;
        index->keeper = mapped;
        series.index = std::move(index);
    }
    return read;
}

}  // namespace ebb
