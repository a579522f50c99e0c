// SPDX-License-Identifier: Apache-2.0
/// The operators of a TensorFlow Lite model as rows of a network's table: one rule per operator
/// (tflite_import.hpp says them in words).
#pragma once

#include "models/workload/network.hpp"
#include "sim/network/tflite_model.hpp"
#include "sim/network/tflite_shapes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

class TfliteRows {
public:
    /// Keeps a reference to the model.
    explicit TfliteRows(const TfliteModel& model);

    [[nodiscard]] static bool is_supported(const TfliteOperator& op);
    /// False for operators that are folded.
    [[nodiscard]] static bool leaves_row(const TfliteOperator& op);
    /// Names of the supported operators, for messages.
    [[nodiscard]] static std::string supported();

    /// What an operator without a row writes stands from now on for what it reads. All of them come
    /// before the first row. Throws UnsupportedOperator.
    void fold(std::size_t index);
    /// The row of an operator. Ids, in `id` and `from`, are the operators' numbers. Throws
    /// UnsupportedOperator.
    [[nodiscard]] Layer row(std::size_t index);

    [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
    /// Type of the maps, once a row was made.
    [[nodiscard]] std::optional<int> element_type() const noexcept { return element_type_; }

private:
    using Rule = void (TfliteRows::*)(const TfliteOperator&, Layer&);
    struct OperatorRule {
        std::int32_t code;
        const char* op;  ///< of the row; null = the operator leaves none
        Rule rule;
    };
    static const std::vector<OperatorRule>& rules();
    static const OperatorRule* find(const TfliteOperator& op);

    void conv(const TfliteOperator& op, Layer& row);
    void depthwise(const TfliteOperator& op, Layer& row);
    void dense(const TfliteOperator& op, Layer& row);
    void pool(const TfliteOperator& op, Layer& row);
    void mean(const TfliteOperator& op, Layer& row);
    void add(const TfliteOperator& op, Layer& row);
    void concatenate(const TfliteOperator& op, Layer& row);
    void keep(const TfliteOperator& op, Layer& row);
    void pass(const TfliteOperator& op, Layer& row);
    void pad(const TfliteOperator& op, Layer& row);

    static void window(const TfliteOperator& op, Layer& row);
    void weigh(const TfliteOperator& op, Layer& row) const;
    void read_map(const TfliteOperator& op, std::size_t operand, Layer& row);
    void write_map(const TfliteOperator& op, Layer& row) const;
    void stand_for(int written, int read);
    [[nodiscard]] const TfliteTensor& input(const TfliteOperator& op, std::size_t i) const;
    [[nodiscard]] const TfliteTensor& weights(const TfliteOperator& op, std::size_t rank) const;
    /// The tensor that stands for this one, past operators without a row.
    [[nodiscard]] int origin(int tensor) const;
    /// The operator that writes a tensor, or -1 = the network's input.
    [[nodiscard]] int producer(int tensor) const;

    const TfliteModel& model_;
    std::vector<std::string> notes_;
    std::map<int, int> stands_for_;         ///< output of an operator without row -> its input
    std::map<int, std::size_t> writer_of_;  ///< tensor -> operator
    std::optional<int> element_type_;
    std::size_t at_ = 0;
};

}  // namespace ebb
