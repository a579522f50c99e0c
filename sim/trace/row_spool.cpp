// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/row_spool.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

namespace ebb {
namespace {

/// Both columns of a series that waits in files.
class SpooledColumns final : public SampleKeeper {
public:
    void passed(std::size_t index) const noexcept override {
        const std::size_t before = passed_.exchange(index, std::memory_order_relaxed);
        // Back at the begin: everything lies behind.
        const std::size_t from = index >= before ? before : 0;
        for (const auto* const column : {&values, &bounds})
            if (*column)
                (*column)->drop(from * 8, index >= before ? index * 8 : (*column)->bytes());
    }

    std::unique_ptr<MappedPages> values;
    std::unique_ptr<MappedPages> bounds;

private:
    mutable std::atomic<std::size_t> passed_{0};
};

}  // namespace

std::size_t SpoolPlace::numbers() const noexcept {
    return folder.empty() ? std::numeric_limits<std::size_t>::max()
                          : std::max<std::size_t>(1, bytes / 8);
}

template <class Number>
void NumberSpool<Number>::write_out() {
    static_assert(sizeof(Number) == 8);
    if (!file_)
        file_ = std::make_unique<Descriptor>(open_nameless(folder_));
    if (file_->get() < 0 || !write_all(file_->get(), held_.data(), held_.size() * 8))
        return take_back();
    written_ += held_.size();
    held_.clear();
}

/// Everything into memory, for good.
template <class Number>
void NumberSpool<Number>::take_back() {
    std::vector<Number> all(written_);
    if (written_ > 0 && !read_all(file_->get(), all.data(), written_ * 8, 0))
        throw Defect("rows that waited in a temporary file cannot be read back");
    all.insert(all.end(), held_.begin(), held_.end());
    held_ = std::move(all);
    written_ = 0;
    most_ = std::numeric_limits<std::size_t>::max();
    file_.reset();
}

template <class Number>
std::unique_ptr<MappedPages> NumberSpool<Number>::map() {
    if (written_ > 0 && !held_.empty())
        write_out();
    if (written_ == 0)
        return nullptr;
    auto pages = std::make_unique<MappedPages>(file_->get(), written_ * 8);
    if (pages->good())
        return pages;
    take_back();
    return nullptr;
}

template class NumberSpool<double>;
template class NumberSpool<std::int64_t>;

RowSpool::RowSpool(SpoolPlace place) : place_(std::move(place)), values_(place_) {}

void RowSpool::reserve(std::size_t rows) {
    values_.reserve(rows);
    bounds_.reserve(std::min(rows + 1, place_.numbers()));
}

void RowSpool::add_bound(std::int64_t bound_ns) {
    if (!long_bounds_) {
        const std::size_t n = bounds_.size();
        // At equal steps they need no room.
        const bool even =
            n < 2 || (bounds_.step() != 0 && bound_ns == bounds_.back() + bounds_.step());
        if (n < place_.numbers() || even)
            return bounds_.push_back(bound_ns);
        long_bounds_.emplace(place_);
        for (const std::int64_t bound : bounds_)
            long_bounds_->push_back(bound);
        bounds_ = Bounds();
    }
    long_bounds_->push_back(bound_ns);
}

std::size_t RowSpool::held() const noexcept {
    return values_.held() + (bounds_.stored() != nullptr ? bounds_.size() : 0) +
           (long_bounds_ ? long_bounds_->held() : 0);
}

void RowSpool::release(Series& series) {
    const auto keeper = std::make_shared<SpooledColumns>();
    const std::size_t rows = values_.size();
    keeper->values = values_.map();
    if (long_bounds_)
        keeper->bounds = long_bounds_->map();
    if (keeper->values)
        series.value =
            Samples::borrowed(keeper, reinterpret_cast<const double*>(keeper->values->at(0)), rows);
    else
        series.value = std::move(values_.own());
    if (keeper->bounds)
        series.bound_ns =
            Bounds::borrowed(keeper, reinterpret_cast<const std::int64_t*>(keeper->bounds->at(0)),
                             long_bounds_->size());
    else if (long_bounds_)
        series.bound_ns = Bounds(long_bounds_->own());
    else
        series.bound_ns = std::move(bounds_);
}

}  // namespace ebb
