// SPDX-License-Identifier: Apache-2.0
/// The output folder of a run: claimed before anything runs, filled all at once at the end.
///
/// A folder is taken if it does not exist, is empty, or holds a previous run of ebb (a
/// manifest.json written by ebb); anything else is refused, so that nobody's files are overwritten.
/// Files are written under temporary names (".ebb-...") and renamed by commit(); without it they
/// vanish and the folder is as before. Files of the previous run that this run does not write are
/// removed. Errors (no such folder, no permission, disk full) are InputError with the path and the
/// reason.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// A file that is being written. Never throws: what went wrong is kept and shown by failure().
class OutputFile {
public:
    OutputFile(std::string path, std::string final_path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(std::string_view text) noexcept;
    /// Flushes and closes; a full disk shows at the latest here.
    void close() noexcept;

    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& final_path() const noexcept { return final_path_; }

private:
    void note_failure(int error) noexcept;

    std::string path_, final_path_;
    std::FILE* file_ = nullptr;
    std::string failure_;
};

class RunFolder {
public:
    /// Claims the folder, creating it and its parents. Throws InputError.
    explicit RunFolder(std::string path);
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// A file of this run, one of those in kRunFiles. Throws InputError if it cannot be opened.
    std::shared_ptr<OutputFile> open(const std::string& name);
    /// Writes a whole file.
    void write(const std::string& name, std::string_view text);
    /// Gives every file its name, the manifest last. Throws InputError if any of them failed.
    void commit();

private:
    void discard() noexcept;

    std::string path_;
    std::string first_created_;  ///< outermost folder that did not exist; empty if none was made
    std::vector<std::shared_ptr<OutputFile>> files_;
    bool committed_ = false;
};

/// Whether a folder holds a run of ebb.
[[nodiscard]] bool is_run_folder(const std::string& path);

}  // namespace ebb
