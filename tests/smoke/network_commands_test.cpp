// SPDX-License-Identifier: Apache-2.0
/// `ebb network list`, `describe` and `import` as a user types them.
#include "tests/smoke/command.hpp"
#include "tests/support/tflite_builder.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

nlohmann::json json_of(const Said& said) {
    INFO(said.err);
    REQUIRE(said.status == 0);
    return nlohmann::json::parse(said.out);
}

}  // namespace

TEST_CASE("the list has a line per network with its counts and where it is from") {
    const Desk desk;
    const Said said = desk.ebb("network list");
    REQUIRE(said.status == 0);
    CHECK(has(said.out, "mlperf_tiny_kws"));
    CHECK(has(said.out, "2,656,768"));
    CHECK(has(said.out, "mlcommons/tiny @1afd2c9"));
    const auto json = json_of(desk.ebb("network list --json"));
    CHECK(json.size() == 21);
    for (const auto& network : json) {
        INFO(network["name"]);
        CHECK_FALSE(network["origin"].get<std::string>().empty());
        CHECK(network["in_out_bytes"] > 0);
        CHECK(network["element_bytes"].get<int>() >= 1);
    }
}

TEST_CASE("a description has layers, memory, and the costs with what is known of their errors") {
    const Desk desk;
    const Said said = desk.ebb("network describe mlperf_tiny_ic");
    REQUIRE(said.status == 0);
    for (const char* part :
         {"12,501,632 MACs in 16 layers",
          "49,152 B for input and output of one layer at most (add_3)",
          "49,152 B alive at once at most (conv_2)", "3 forks, 1 skip connection",
          "conv_0 to add_3, around 2 layers", "cortex_m33_stm32u385", "182 ms", "966 uJ",
          "measured", "in time", "in energy", "not on msp430fr5994_cpu"}) {
        INFO(part);
        CHECK(has(said.out, part));
    }
    const auto json = json_of(desk.ebb("network describe mlperf_tiny_ic --json"));
    CHECK(json["memory"]["in_out"]["bytes"] == 49'152);
    CHECK(json["memory"]["live"]["layer"] == 2);
    CHECK(json["table"].size() == 16);
    CHECK(json["cuts"].size() == 15);
    CHECK(json["skips"][0]["over"] == 2);
    bool found = false;
    for (const auto& cost : json["costs"]) {
        found = found || cost["platform"] == "cortex_m33_stm32u385";
        CHECK(cost["layers"].size() == 16);
        CHECK(cost["errors"].contains("left_out"));
    }
    CHECK(found);
}

TEST_CASE("with a platform the layers are priced one by one, an unknown one is refused") {
    const Desk desk;
    const Said said = desk.ebb("network describe mlperf_tiny_kws --platform cortex_m4_stm32l4r5");
    REQUIRE(said.status == 0);
    CHECK(has(said.out, "Layer by layer on cortex_m4_stm32l4r5, X-CUBE-AI 9.0, 1.8 V"));
    CHECK(has(said.out, "known error of an estimate"));
    CHECK_FALSE(has(said.out, "cortex_m33"));
    const auto one = json_of(desk.ebb(
        "network describe mlperf_tiny_kws --platform cortex_m4_stm32l4r5 --variant 'microTVM + "
        "CMSIS-NN' --json"));
    REQUIRE(one["costs"].size() == 1);
    CHECK(one["costs"][0]["variant"] == "microTVM + CMSIS-NN");
    CHECK(one["costs"][0]["errors"]["other_point"]["latency"].is_object());
    const Said wrong = desk.ebb("network describe mlperf_tiny_kws --platform cortex_m4_stm32l4r");
    CHECK(wrong.status == 2);
    CHECK(has(wrong.err, "did you mean 'cortex_m4_stm32l4r5'?"));
    const Said nothing = desk.ebb("network describe mlperf_tiny_kvs");
    CHECK(nothing.status == 2);
    CHECK(has(nothing.err, "did you mean 'mlperf_tiny_kws'?"));
    CHECK(desk.ebb("network describe mlperf_tiny_kws --variant x").status == 2);
}

TEST_CASE("a platform of operations shows the closed form of its model") {
    const Desk desk;
    const Said said = desk.ebb(
        "network describe tinas_har_lat_perc25 --platform "
        "msp430fr5994_extfram_tinas --formula --capacitance '5 mF'");
    INFO(said.err);
    REQUIRE(said.status == 0);
    CHECK(has(said.out, "18.41"));  // s, the published end-to-end latency
    CHECK(desk.ebb("network describe tinas_har_lat_perc25 --formula").status == 2);
}

TEST_CASE("a user's own table is described, its exits too, and mistakes have their place") {
    const Desk desk;
    const std::string header =
        "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
        "params,weight_bytes,input_bytes,output_bytes,exit_accuracy\n";
    desk.write("own.csv", header +
                              "0,c0,CONV,input,4,4,1,4,4,2,3,3,1,1,288,20,20,16,32,\n"
                              "1,e0,FC,0,1,1,32,1,1,3,1,1,1,1,96,99,108,32,3,0.61\n"
                              "2,e1,FC,0,1,1,32,1,1,3,1,1,1,1,96,99,108,32,3,0.75\n");
    const Said said = desk.ebb("network describe own.csv");
    INFO(said.err);
    REQUIRE(said.status == 0);
    CHECK(has(said.out, "e0: accuracy 61.0 %, 2 layers, 384 MACs"));
    CHECK(has(said.out, "estimate"));
    desk.write("bad.csv", header + "0,c0,CONV,input,4,4,1,4,9,2,3,3,1,1,288,20,20,16,32,\n");
    const Said bad = desk.ebb("network describe bad.csv");
    CHECK(bad.status == 2);
    CHECK(has(bad.err, "bad.csv:2:25: error: layer 'c0': out_w is 9"));
}

TEST_CASE("an imported model is a table that can be described and run") {
    const Desk desk;
    desk.write("m.tflite", bytes_of(small_model()));
    const Said table = desk.ebb("network import m.tflite");
    INFO(table.err);
    REQUIRE(table.status == 0);
    CHECK(has(table.out, "0,conv_0,CONV,input,4,4,1,4,4,2,3,3,1,1,288,20,26,16,32\n"));
    const Said written = desk.ebb("network import m.tflite --out out/m.csv");
    INFO(written.err);
    REQUIRE(written.status == 0);
    CHECK(has(written.out, "wrote out/m.csv: 2 layers, 384 MACs, 134 B of weights, int8 maps"));
    CHECK(text_of(desk.file("out/m.csv")) == table.out);
    const auto json = json_of(desk.ebb("network describe out/m.csv --json"));
    CHECK(json["macs"] == 384);
    desk.write("s.yaml", small_device("workload: {network: out/m.csv, platform: "
                                      "cortex_m33_stm32u385, arrival: back_to_back}\n"));
    CHECK(desk.ebb("run s.yaml").status == 0);
    CHECK(desk.ebb("network import m.tflite --out m.tflite").status == 2);
    CHECK(desk.ebb("network import none.tflite").status == 2);
    desk.write("cut.tflite", bytes_of(small_model()).substr(0, 200));
    const Said cut = desk.ebb("network import cut.tflite");
    CHECK(cut.status == 2);
    CHECK(has(cut.err, "cut.tflite: error: the model is damaged"));
    CHECK(cut.out.empty());
}
