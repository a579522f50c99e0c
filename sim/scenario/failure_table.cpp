// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/failure_table.hpp"

#include "sim/scenario/scenario_form.hpp"

namespace ebb {

namespace {

constexpr double kMostInteger = 9e15;
constexpr double kLongestRetention_s = 1e30;

const ParamTable<RecoveryFailure>& recovery_table() {
    static const ParamTable<RecoveryFailure> kTable = {
        param("word", &RecoveryFailure::word, required, range(1, kMostInteger),
              "which word that a recovery reads or writes is met, from 1 on"),
        param("step", &RecoveryFailure::step, 0, range(0, kMostInteger),
              "words later at each further one; behind a recovery too short, from `word` again"),
    };
    return kTable;
}

const ParamTable<BitErrorParams>& bit_error_table() {
    static const ParamTable<BitErrorParams> kTable = {
        param("write", &BitErrorParams::write, unit::ratio, optional, above_up_to(0, 1),
              "probability per bit written that it comes out wrong (write error rate)"),
        param("retention", &BitErrorParams::retention_s, unit::second, optional,
              above_up_to(0, kLongestRetention_s),
              "while unpowered, a stored bit is lost at the rate 1/retention"),
    };
    return kTable;
}

}  // namespace

const ParamTable<FailureParams>& failures_table() {
    static const ParamTable<FailureTime> kTimes = {
        param("at", &FailureTime::at_s, unit::second, required, range(0, kLongestRun_s),
              "when the plug is pulled"),
    };
    static const ParamTable<FailureParams> kTable = {
        list("times", &FailureParams::times, kTimes, optional, 0, 100000,
             "power fails at these times"),
        param("every", &FailureParams::every_s, unit::second, optional,
              above_up_to(0, kLongestRun_s), "power fails again and again, so far apart"),
        param("first", &FailureParams::first_s, unit::second, optional, range(0, kLongestRun_s),
              "when `every` begins; left out, after one such time"),
        param("mean", &FailureParams::mean_s, unit::second, optional, above_up_to(0, kLongestRun_s),
              "power fails at random: the mean of exponential gaps, drawn from the seed"),
        param("boundaries", &FailureParams::boundaries, optional, range(1, kMostInteger),
              "power fails behind every so many durable units"),
        param("every_words", &FailureParams::every_words, optional, range(1, kMostInteger),
              "power fails in the midst of every so-many-th word written to non-volatile memory"),
        param("first_word", &FailureParams::first_word, optional, range(1, kMostInteger),
              "with which word `every_words` begins; left out, with that many"),
        block("recovery", &FailureParams::recovery, recovery_table(), optional,
              "power fails in the midst of a recovery, at most once behind each other failure"),
        block("bit_errors", &FailureParams::bit_errors, bit_error_table(), optional,
              "bits of the non-volatile memory go wrong, drawn from the seed"),
    };
    return kTable;
}

const ParamTable<EccParams>& ecc_table() {
    static const ParamTable<EccParams> kTable = {
        param("data_bits", &EccParams::data_bits, required, range(8, 65536),
              "payload of a word; whole bytes"),
        param("check_bits", &EccParams::check_bits, required, range(1, 4096),
              "stored beside them; moved and paid like payload"),
        param("corrects", &EccParams::corrects, required, range(0, 64),
              "wrong bits of a word that a read puts right"),
        param("detects", &EccParams::detects, required, range(1, 64),
              "wrong bits of a word that a read notices; more pass unnoticed"),
        param("encode_time", &EccParams::encode_time_s, unit::second, required, range(0, 1),
              "per word of payload written"),
        param("encode_energy", &EccParams::encode_energy_j, unit::joule, required, range(0, 1),
              "per word of payload written"),
        param("decode_time", &EccParams::decode_time_s, unit::second, required, range(0, 1),
              "per word of payload read"),
        param("decode_energy", &EccParams::decode_energy_j, unit::joule, required, range(0, 1),
              "per word of payload read"),
    };
    return kTable;
}

}  // namespace ebb
