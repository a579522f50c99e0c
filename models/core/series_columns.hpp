// SPDX-License-Identifier: Apache-2.0
/// The two columns of a Series: values, and the bounds of the stretches in which they hold.
///
/// Either column owns its numbers, as a vector does, or borrows them from a keeper (a mapped file).
/// Bounds at equal steps are not stored at all. A borrowed column cannot be changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <vector>

namespace ebb {

/// Holds borrowed numbers. A walk through a long recording says how far it has come, so that what
/// lies behind need not stay in memory; it may be read again all the same.
class SampleKeeper {
public:
    virtual ~SampleKeeper() = default;
    /// Samples before `index` are not needed for now.
    virtual void passed(std::size_t index) const noexcept = 0;
};

class Samples {
public:
    using value_type = double;
    using const_iterator = const double*;

    Samples() = default;
    Samples(std::initializer_list<double> values) : own_(values) {}
    Samples(std::vector<double> values) : own_(std::move(values)) {}  // NOLINT(*-explicit-*)
    static Samples borrowed(std::shared_ptr<const SampleKeeper> keeper, const double* values,
                            std::size_t count);

    [[nodiscard]] std::size_t size() const noexcept { return keeper_ ? count_ : own_.size(); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] const double* data() const noexcept { return keeper_ ? values_ : own_.data(); }
    double operator[](std::size_t i) const noexcept { return data()[i]; }
    [[nodiscard]] const double* begin() const noexcept { return data(); }
    [[nodiscard]] const double* end() const noexcept { return data() + size(); }
    [[nodiscard]] double front() const noexcept { return data()[0]; }
    [[nodiscard]] double back() const noexcept { return data()[size() - 1]; }

    void push_back(double value) { own().push_back(value); }
    void reserve(std::size_t count) { own().reserve(count); }
    /// The numbers themselves, to be changed; a Defect if they are borrowed.
    [[nodiscard]] std::vector<double>& own();

    /// Null if the numbers are owned.
    [[nodiscard]] const SampleKeeper* keeper() const noexcept { return keeper_.get(); }

    friend bool operator==(const Samples& a, const Samples& b) noexcept;
    friend bool operator!=(const Samples& a, const Samples& b) noexcept { return !(a == b); }

private:
    std::vector<double> own_;
    std::shared_ptr<const SampleKeeper> keeper_;
    const double* values_ = nullptr;
    std::size_t count_ = 0;
};

class Bounds {
public:
    using value_type = std::int64_t;

    class Iterator {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = std::int64_t;
        using difference_type = std::ptrdiff_t;
        using pointer = const std::int64_t*;
        using reference = std::int64_t;

        Iterator() = default;
        Iterator(const Bounds* of, std::size_t at) noexcept : of_(of), at_(at) {}
        std::int64_t operator*() const noexcept { return (*of_)[at_]; }
        std::int64_t operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }
        Iterator& operator++() noexcept { return *this += 1; }
        Iterator operator++(int) noexcept {
            Iterator before = *this;
            ++at_;
            return before;
        }
        Iterator& operator--() noexcept { return *this += -1; }
        Iterator operator--(int) noexcept {
            Iterator before = *this;
            --at_;
            return before;
        }
        Iterator& operator+=(std::ptrdiff_t n) noexcept {
            at_ = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at_) + n);
            return *this;
        }
        Iterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }
        friend Iterator operator+(Iterator a, std::ptrdiff_t n) noexcept { return a += n; }
        friend Iterator operator+(std::ptrdiff_t n, Iterator a) noexcept { return a += n; }
        friend Iterator operator-(Iterator a, std::ptrdiff_t n) noexcept { return a += -n; }
        friend std::ptrdiff_t operator-(Iterator a, Iterator b) noexcept {
            return static_cast<std::ptrdiff_t>(a.at_) - static_cast<std::ptrdiff_t>(b.at_);
        }
        friend bool operator==(Iterator a, Iterator b) noexcept { return a.at_ == b.at_; }
        friend bool operator!=(Iterator a, Iterator b) noexcept { return a.at_ != b.at_; }
        friend bool operator<(Iterator a, Iterator b) noexcept { return a.at_ < b.at_; }
        friend bool operator>(Iterator a, Iterator b) noexcept { return b < a; }
        friend bool operator<=(Iterator a, Iterator b) noexcept { return !(b < a); }
        friend bool operator>=(Iterator a, Iterator b) noexcept { return !(a < b); }

    private:
        const Bounds* of_ = nullptr;
        std::size_t at_ = 0;
    };
    using const_iterator = Iterator;

    Bounds() = default;
    Bounds(std::initializer_list<std::int64_t> bounds);
    Bounds(const std::vector<std::int64_t>& bounds);  // NOLINT(*-explicit-*)
    /// `count` bounds from `first` on, `step` apart.
    static Bounds even(std::int64_t first, std::int64_t step, std::size_t count) noexcept;
    static Bounds borrowed(std::shared_ptr<const SampleKeeper> keeper, const std::int64_t* bounds,
                           std::size_t count);

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    std::int64_t operator[](std::size_t i) const noexcept {
        return stored_ ? (keeper_ ? bounds_[i] : own_[i])
                       : first_ + step_ * static_cast<std::int64_t>(i);
    }
    [[nodiscard]] std::int64_t front() const noexcept { return (*this)[0]; }
    [[nodiscard]] std::int64_t back() const noexcept { return (*this)[count_ - 1]; }
    [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
    [[nodiscard]] Iterator end() const noexcept { return {this, count_}; }
    /// Distance of neighbours if it is the same everywhere, else 0; 0 as well below two bounds.
    [[nodiscard]] std::int64_t step() const noexcept { return stored_ || count_ < 2 ? 0 : step_; }
    /// The stored bounds; null where they are at equal steps.
    [[nodiscard]] const std::int64_t* stored() const noexcept {
        return !stored_ ? nullptr : keeper_ ? bounds_ : own_.data();
    }
    /// The index after that of the last bound at or before `at`, as std::upper_bound.
    [[nodiscard]] std::size_t after(std::int64_t at) const noexcept;

    void push_back(std::int64_t bound);
    void reserve(std::size_t count) { room_ = count; }
    /// Moves all bounds.
    void shift(std::int64_t by);

    friend bool operator==(const Bounds& a, const Bounds& b) noexcept;
    friend bool operator!=(const Bounds& a, const Bounds& b) noexcept { return !(a == b); }

private:
    void store();

    bool stored_ = false;  ///< not at equal steps
    std::size_t count_ = 0;
    std::int64_t first_ = 0;
    std::int64_t step_ = 0;
    std::size_t room_ = 0;
    std::vector<std::int64_t> own_;
    std::shared_ptr<const SampleKeeper> keeper_;
    const std::int64_t* bounds_ = nullptr;
};

}  // namespace ebb
