// The constants of the ZIP format (PKWARE APPNOTE 6.3.10), shared by the layout and the reader.
//
// Thread safety: constants.
#pragma once

#include <cstddef>
#include <cstdint>

namespace valise::zip {

inline constexpr uint32_t kLocalSignature = 0x04034b50;         // 4.3.7
inline constexpr uint32_t kCentralSignature = 0x02014b50;       // 4.3.12
inline constexpr uint32_t kZip64EndSignature = 0x06064b50;      // 4.3.14
inline constexpr uint32_t kZip64LocatorSignature = 0x07064b50;  // 4.3.15
inline constexpr uint32_t kEndSignature = 0x06054b50;           // 4.3.16

inline constexpr size_t kLocalSize = 30;
inline constexpr size_t kCentralSize = 46;
inline constexpr size_t kZip64EndSize = 56;
inline constexpr size_t kZip64LocatorSize = 20;
inline constexpr size_t kEndSize = 22;

// A field of all ones means "see ZIP64" (4.4.1.4).
inline constexpr uint64_t kMax32 = 0xFFFFFFFF;
inline constexpr uint64_t kMax16 = 0xFFFF;

inline constexpr uint16_t kFlagEncrypted = 1u << 0;   // 4.4.4
inline constexpr uint16_t kFlagDescriptor = 1u << 3;  // sizes follow the data
inline constexpr uint16_t kFlagStrongEncryption = 1u << 6;
inline constexpr uint16_t kFlagUtf8 = 1u << 11;

inline constexpr uint16_t kExtraZip64 = 0x0001;        // 4.5.3
inline constexpr uint16_t kExtraNtfs = 0x000a;         // 4.5.5
inline constexpr uint16_t kExtraTime = 0x5455;         // Info-ZIP extrafld.txt, "UT"
inline constexpr uint16_t kExtraUnicodePath = 0x7075;  // 4.6.9

}  // namespace valise::zip
