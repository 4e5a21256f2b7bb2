package io.neuralbridge.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The words are those of the providers, as users report them. */
class ErrorReasonsTest {

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments(
            429,
            "{'error':{'message':'Rate limit reached','type':'requests','code':'rate_limit_exceeded'}}",
            Reason.RATE_LIMITED),
        arguments(429, "{'error':{'message':'Slow down','code':'slow_down'}}", Reason.RATE_LIMITED),
        arguments(
            429,
            "{'error':{'code':'429','message':'Requests have exceeded call rate limit. Please retry after 6 seconds.'}}",
            Reason.RATE_LIMITED),
        arguments(
            429,
            "[{'error':{'code':429,'message':'You exceeded your current quota, please check your plan and billing details.','status':'RESOURCE_EXHAUSTED'}}]",
            Reason.RATE_LIMITED),
        arguments(
            429,
            "{'error':{'message':'You exceeded your current quota','type':'insufficient_quota','code':'insufficient_quota'}}",
            Reason.QUOTA_EXHAUSTED),
        arguments(
            429,
            "{'error':{'message':'No credit','code':'credit_balance_exhausted'}}",
            Reason.QUOTA_EXHAUSTED),
        arguments(
            429,
            "{'error':{'message':'x','type':'organization_spend_limit_exceeded'}}",
            Reason.QUOTA_EXHAUSTED),
        arguments(
            429,
            "{'message':'You are using a Trial key, which is limited to 1000 API calls / month.'}",
            Reason.QUOTA_EXHAUSTED),
        arguments(402, "{'error':{'message':'Insufficient Balance'}}", Reason.QUOTA_EXHAUSTED),
        arguments(
            403,
            "{'error':{'code':'403','message':'Out of call volume quota.'}}",
            Reason.QUOTA_EXHAUSTED),
        arguments(
            429,
            "{'error':{'message':'Request too large for text-embedding-3-small on tokens per min (TPM): Limit 40000, Requested 60000.','type':'tokens','code':'rate_limit_exceeded'}}",
            Reason.TOO_LARGE),
        arguments(
            429, "{'error':'Model is overloaded','error_type':'overloaded'}", Reason.OVERLOADED),
        arguments(429, "{'message':'Model is overloaded','type':'overloaded'}", Reason.OVERLOADED),
        arguments(
            503,
            "{'error':'server busy, please try again. maximum pending requests exceeded'}",
            Reason.OVERLOADED),
        arguments(
            503,
            "{'error':{'code':503,'message':'Loading model','type':'unavailable_error'}}",
            Reason.OVERLOADED),
        arguments(529, "{}", Reason.OVERLOADED),
        arguments(401, "{'error':{'message':'Incorrect API key provided'}}", Reason.AUTHENTICATION),
        arguments(403, "{'error':{'message':'Country not supported'}}", Reason.AUTHENTICATION),
        arguments(
            404,
            "{'error':'model \\'nomic-embed-text\\' not found, try pulling it first'}",
            Reason.NOT_FOUND),
        arguments(404, "{'error':{'code':'DeploymentNotFound','message':'x'}}", Reason.NOT_FOUND),
        arguments(
            400,
            "{'object':'error','message':'Invalid model: mistral-embedd','type':'invalid_model','code':'1500'}",
            Reason.NOT_FOUND),
        arguments(301, "", Reason.NOT_FOUND),
        arguments(413, "<html>Request Entity Too Large</html>", Reason.TOO_LARGE),
        arguments(
            413,
            "{'message':'batch size 33 > maximum allowed batch size 32','type':'Validation'}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'error':{'message':'This model\\'s maximum context length is 8192 tokens, however you requested 10000 tokens','code':null}}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'error':{'message':'Requested 310000 tokens, max 300000 tokens per request','code':'max_tokens_per_request'}}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'error':{'message':'Invalid input','code':'array_above_max_length'}}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'object':'error','message':'Too many inputs in request, split into more batches.','code':'3210'}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'object':'error','message':'Too many tokens in batch. Max is 16384 got 17555'}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'message':'invalid request: total number of texts must be at most 96 - received 131'}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "{'detail':'Request to model \\'voyage-3-large\\' failed. The max allowed tokens per submitted batch is 120000. Your batch has 124302 tokens after truncation.'}",
            Reason.TOO_LARGE),
        arguments(
            400,
            "[{'error':{'code':400,'message':'* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch','status':'INVALID_ARGUMENT'}}]",
            Reason.TOO_LARGE),
        arguments(
            422,
            "{'message':'Input validation error: `inputs` must have less than 512 tokens. Given: 785'}",
            Reason.TOO_LARGE),
        arguments(400, "{'error':'the input length exceeds the context length'}", Reason.TOO_LARGE),
        arguments(
            400,
            "{'error':{'message':'<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.'}}",
            Reason.TOO_LARGE),
        arguments(
            500,
            "{'error':{'code':500,'message':'input (992 tokens) is too large to process. increase the physical batch size (current batch size: 512)','type':'server_error'}}",
            Reason.TOO_LARGE),
        arguments(400, "{'error':{'message':'\\'$.input\\' is invalid.'}}", Reason.REJECTED),
        arguments(
            422, "{'detail':[{'loc':['body','input'],'msg':'field required'}]}", Reason.REJECTED),
        arguments(500, "{'error':{'message':'The server had an error'}}", Reason.SERVER_ERROR),
        arguments(500, "The context length of this page is unknown", Reason.SERVER_ERROR),
        arguments(502, "<html>Bad gateway</html>", Reason.SERVER_ERROR),
        arguments(424, "{'message':'Inference failed','type':'backend'}", Reason.SERVER_ERROR),
        arguments(409, "", Reason.SERVER_ERROR),
        arguments(408, "", Reason.TIMEOUT),
        arguments(504, "upstream request timeout", Reason.TIMEOUT));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("answers")
  void theReasonIsReadFromTheStatusAndTheWords(int status, String body, Reason reason) {
    assertThat(ErrorReasons.of(status, ErrorBody.of(json(body)))).isEqualTo(reason);
  }

  @Test
  void theMessageIsFoundInEveryShape() {
    assertThat(ErrorBody.of(json("{'error':{'message':'why'}}")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("{'error':'why'}")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("{'message':'why'}")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("{'detail':'why'}")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("[{'error':{'message':'why'}}]")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("{'detail':[{'msg':'why'}]}")).message()).contains("why");
    assertThat(ErrorBody.of(json("why")).message()).isEqualTo("why");
    assertThat(ErrorBody.of(json("")).message()).isEmpty();
    assertThat(ErrorBody.of(json("[]")).message()).isEqualTo("[]");
    assertThat(ErrorBody.of(json("null")).message()).isEqualTo("null");
  }

  @Test
  void geminisDelayIsFound() {
    String body =
        "[{'error':{'code':429,'message':'x','details':[{'@type':'Help'},{'@type':'RetryInfo','retryDelay':'34s'}]}}]";

    assertThat(ErrorBody.of(json(body)).retryDelay()).isEqualTo("34s");
  }

  @Test
  void anErrorInTheBodyOfASuccessIsFound() {
    assertThat(ErrorBody.hiddenStatus(json("{'error':{'code':429,'message':'x'}}"))).isEqualTo(429);
    assertThat(ErrorBody.hiddenStatus(json("{'error':'x'}"))).isEqualTo(500);
    assertThat(ErrorBody.hiddenStatus(json("{'error':null,'data':[]}"))).isZero();
    assertThat(ErrorBody.hiddenStatus(json("{'data':[]}"))).isZero();
    assertThat(ErrorBody.hiddenStatus(json("no"))).isZero();
  }

  private static byte[] json(String text) {
    return text.replace("\\'", "´").replace('\'', '"').replace('´', '\'').getBytes(UTF_8);
  }
}
