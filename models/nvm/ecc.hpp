// SPDX-License-Identifier: Apache-2.0
/// An error-correcting code over the words of a non-volatile memory, and what it costs.
///
///   a word of k data bits is stored with r check bits; a read that meets e wrong bits of its k + r
///     e = 0                    is right
///     e <= corrects            is corrected; the memory stays as it is until the word is written
///     e <= detects             is known to be wrong
///     more                     passes unnoticed (the worst case: such words may also be detected,
///                              or be corrected into another word)
///
///   traffic x (1 + r/k), in time and energy as in bytes; beside that encode_time and encode_energy
///   per word of payload written, decode_time and decode_energy per word read
///
/// Check bits that suffice: a code with corrects = t and detects = d has distance t + d + 1, and
/// the sphere-packing (Hamming) bound asks
///     sum over i <= floor((t + d)/2) of C(n', i)  <=  2^r'
/// with n' = k + r, r' = r for an odd distance, and both one less for an even one. For single
/// correction and double detection (SECDED) that is  k + r <= 2^(r-1): 64 data bits need 8.
/// Source: Hamming, Bell System Technical Journal 29 (1950) 147; Hsiao, IBM J. Res. Dev. 14 (1970)
/// 395 for the (72, 64) code.
///
/// Left out: the read of a word of which only a part is written (its other bytes), and codes whose
/// words are longer than a bus transfer.
#pragma once

#include <cstdint>

namespace ebb {

struct NvmParams;

struct EccParams {
    std::int64_t data_bits = 64;
    std::int64_t check_bits = 8;
    std::int64_t corrects = 1;
    std::int64_t detects = 2;
    double encode_time_s = 0.0, encode_energy_j = 0.0;
    double decode_time_s = 0.0, decode_energy_j = 0.0;
    [[nodiscard]] std::int64_t word_bits() const noexcept { return data_bits + check_bits; }
    [[nodiscard]] std::int64_t data_bytes() const noexcept { return data_bits / 8; }
    /// Bits moved and stored per bit of payload.
    [[nodiscard]] double expansion() const noexcept {
        return 1.0 + static_cast<double>(check_bits) / static_cast<double>(data_bits);
    }
};

/// What a read of a word makes of so many wrong bits.
enum class EccVerdict : unsigned char { right, corrected, detected, unnoticed };
[[nodiscard]] EccVerdict judge(const EccParams& ecc, std::int64_t wrong_bits) noexcept;

/// The fewest check bits that the sphere-packing bound allows.
[[nodiscard]] std::int64_t least_check_bits(std::int64_t data_bits, std::int64_t corrects,
                                            std::int64_t detects);

/// What a code adds to a byte of payload read or written.
struct EccCost {
    double read_time_s = 0.0, read_energy_j = 0.0, write_time_s = 0.0, write_energy_j = 0.0;
};
/// All 0 without a code.
[[nodiscard]] EccCost ecc_cost(const NvmParams& nvm) noexcept;

/// The memory as its payload costs behind the code.
[[nodiscard]] NvmParams behind_ecc(NvmParams nvm);

}  // namespace ebb
